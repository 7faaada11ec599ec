import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { childEnv, isStopping, run } from "./children.mjs";
import { root } from "./root.mjs";
import { Stop, sayWhile } from "./say.mjs";

const lockPath = join(root, "package-lock.json");
const stampPath = join(root, "node_modules", ".installed-from-lock");

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(lockPath))
    .update(`${process.platform}-${process.arch}`)
    .digest("hex");
}

function readStamp() {
  try {
    return readFileSync(stampPath, "utf8").trim();
  } catch {
    return undefined;
  }
}

/** Whether somebody's own `npm ci` or `npm install` already brought exactly what the lock file says (npm keeps a lock of what it installed). */
function isInstalledAsLocked() {
  try {
    const locked = JSON.parse(readFileSync(lockPath, "utf8")).packages;
    const installed = JSON.parse(readFileSync(join(root, "node_modules", ".package-lock.json"), "utf8")).packages;
    return Object.entries(locked).every(([path, entry]) => {
      if (path === "" || entry.link) return true;
      const found = installed[path];
      return found
        ? found.version === entry.version && existsSync(join(root, path))
        : Boolean(entry.optional || entry.devOptional);
    });
  } catch {
    return false;
  }
}

function explain(output) {
  if (/ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|network/i.test(output)) {
    return "npm could not reach its package registry. Check the connection or proxy (`npm ping`), then run the command again.";
  }
  if (/ENOSPC/.test(output))
    return "The disk is full. The packages need about 1 GB; free some and run the command again.";
  if (/EACCES|EPERM/.test(output))
    return "npm may not write here. Make sure this folder and its node_modules belong to you, then run the command again.";
  if (/EINTEGRITY/.test(output))
    return "A downloaded package differs from what package-lock.json expects. Run `npm cache verify`, then the command again.";
  return "`npm ci` failed; its own words are above. Run the command again once they are dealt with.";
}

/** Installs with `npm ci` when node_modules is not what package-lock.json says. No install scripts are run: no package needs one. */
export async function ensureInstalled() {
  const hash = lockHash();
  if (readStamp() === hash) return;
  if (!isInstalledAsLocked()) {
    const npmCli = process.env.npm_execpath;
    const isCli = Boolean(npmCli && /npm-cli\.[cm]?js$/.test(npmCli));
    const flags = [
      "ci",
      "--ignore-scripts",
      "--include=dev",
      "--include=optional",
      "--engine-strict=false",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ];
    const [command, args] = isCli ? [process.execPath, [npmCli, ...flags]] : ["npm", flags];
    const { code, output } = await sayWhile("Installing packages… (once, about a minute)", () =>
      run(command, args, { env: childEnv({ NODE_ENV: undefined }), capture: true }),
    ).catch((error) => ({ code: 1, output: String(error) }));
    if (isStopping()) return;
    if (code !== 0) {
      process.stderr.write(output);
      throw new Stop(explain(output));
    }
  }
  writeFileSync(stampPath, `${hash}\n`);
}
