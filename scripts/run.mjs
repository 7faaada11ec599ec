#!/usr/bin/env node
// Behind `npm start`, `npm test` and the other commands. No dependencies, any Node from 20.9: it has to run before anything is installed.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt } from "./launch/build.mjs";
import { childEnv, isStopping, run, superviseChildren } from "./launch/children.mjs";
import { ensureInstalled } from "./launch/install.mjs";
import { findNode } from "./launch/node-runtime.mjs";
import { root } from "./launch/root.mjs";
import { Stop, say } from "./launch/say.mjs";
import { runTests } from "./launch/tests.mjs";

const commands = {
  start: async (node, args) => {
    await ensureBuilt(node);
    return serve(node, args, { NODE_ENV: "production" });
  },
  dev: (node, args) => serve(node, ["--dev", ...args], { NODE_ENV: "development" }),
  check: (node, args) => runTests(node, args, { only: ["check", "unit"] }),
  test: (node, args) => runTests(node, args, { only: ["check", "vitest", "browser"] }),
  bench: async (node, args) => {
    await ensureBuilt(node);
    return script(node, "scripts/bench.ts", args);
  },
  promises: async (node, args) => {
    await ensureBuilt(node);
    return script(node, "scripts/promises.ts", args);
  },
  emulator: (node, args) => script(node, "emulator/main.ts", args.length > 0 ? args : alone()),
  "check-policy": (node, args) => script(node, "scripts/check-policy.ts", args),
  "verify-receipts": (node, args) => script(node, "scripts/verify-receipts.ts", args, envFile()),
  screenshots: async (node, args) => {
    await ensureBuilt(node);
    return script(node, "scripts/screenshots.ts", args);
  },
};

async function script(node, path, args, own = []) {
  if (isStopping()) return 1;
  return (await run(node.path, [...own, join(root, path), ...args], { env: childEnv({}, node.dir) })).code;
}

function envFile() {
  return existsSync(join(root, ".env")) ? [`--env-file=${join(root, ".env")}`] : [];
}

async function serve(node, args, env) {
  if (isStopping()) return 1;
  const own = [`--import=${new URL("./launch/follow-parent.mjs", import.meta.url)}`, ...envFile()];
  return (await run(node.path, [...own, join(root, "server.ts"), ...args], { env: childEnv(env, node.dir) })).code;
}

/** What a person typing `npm run emulator` wants: the demo company, kept between runs, apart from the one `npm start` uses. */
function alone() {
  say(
    "The emulator alone, with the demo company, kept in .data/emulator-alone. Its addresses are the JSON line below; Ctrl-C ends it.",
  );
  say(
    "Other ways to start it: npm run emulator -- --port 9200 --dir DIR --seed demo|empty|scale:N --settle-ms N --no-throttle",
  );
  return ["--dir", join(root, ".data", "emulator-alone"), "--seed", "demo"];
}

async function main() {
  const [name, ...args] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name ?? "") ? commands[name] : undefined;
  if (!command)
    throw new Stop(`There is no command “${name ?? ""}”. There are: ${Object.keys(commands).join(", ")}.`, 2);
  superviseChildren();
  await ensureInstalled();
  if (isStopping()) return 1;
  return command(findNode(), args);
}

main().then(
  (code) => {
    // While stopping, the process ends when its children have: see superviseChildren.
    if (!isStopping()) process.exit(code);
  },
  (error) => {
    if (isStopping()) return;
    say(error instanceof Stop ? error.message : String(error?.stack ?? error));
    process.exit(error instanceof Stop ? error.exitCode : 1);
  },
);
