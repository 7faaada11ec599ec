import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const launcher = join(root, "scripts/run.mjs");

function launch(...args: string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], { encoding: "utf8" });
  return { code: status, said: stdout + stderr };
}

/** A program under the launcher's supervision, and a program that one started: both print their pid. */
async function superviseTwo(): Promise<{ supervisor: ChildProcess; pids: number[]; said: () => string }> {
  const grandchild = "setInterval(() => {}, 1000); console.log('pid', process.pid);";
  const child = `
    const { spawn } = require("node:child_process");
    spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: ["ignore", "inherit", "inherit"] });
    process.on("SIGTERM", () => setTimeout(() => { console.log("drained"); process.exit(0); }, 200));
    setInterval(() => {}, 1000);
    console.log("pid", process.pid);`;
  const supervise = `
    import { childEnv, run, superviseChildren } from ${JSON.stringify(pathToFileURL(join(root, "scripts/launch/children.mjs")).href)};
    superviseChildren();
    await run(process.execPath, ["-e", ${JSON.stringify(child)}], { env: childEnv() });`;
  const supervisor = spawn(process.execPath, ["--input-type=module", "-e", supervise], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  supervisor.stdout?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await expect.poll(() => said.match(/pid \d+/g)?.length, { timeout: 10_000 }).toBe(2);
  return { supervisor, pids: [...said.matchAll(/pid (\d+)/g)].map((match) => Number(match[1])), said: () => said };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("an unknown command is answered with the list of commands", () => {
  const { code, said } = launch("strat");
  expect(code).toBe(2);
  expect(said).toContain("There is no command “strat”");
  expect(said).toContain(
    "start, dev, check, test, bench, promises, emulator, check-policy, verify-receipts, screenshots",
  );
});

test("--only with an unknown name is answered with the names", () => {
  const { code, said } = launch("test", "--only", "unti");
  expect(code).toBe(2);
  expect(said).toMatch(/--only unti: there are check, browser, .*unit/);
});

test.runIf(process.platform !== "win32")(
  "a stop asks the program, waits for its drain and ends what it left behind",
  async () => {
    const { supervisor, pids, said } = await superviseTwo();
    onTestFinished(() => pids.filter(isAlive).forEach((pid) => void process.kill(pid, "SIGKILL")));
    supervisor.kill("SIGTERM");
    const [code] = await once(supervisor, "exit");
    expect(code).toBe(0);
    expect(said()).toContain("drained");
    // A killed orphan counts as alive until the machine's first process has collected it.
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  },
);
