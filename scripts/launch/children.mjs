import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { root } from "./root.mjs";
import { say } from "./say.mjs";

const drainSeconds = 25;
const running = new Set();
let stopping = false;

const isWindows = process.platform === "win32";

/** The environment children get: no telemetry, no leftovers of the npm that started us, the chosen Node first on PATH. */
export function childEnv(more = {}, nodeDir = undefined) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...more };
  for (const name of Object.keys(env)) {
    if (name.toLowerCase() === "npm_config_nodedir" || env[name] === undefined) delete env[name];
  }
  if (nodeDir) {
    const key = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
    env[key] = `${nodeDir}${isWindows ? ";" : ":"}${env[key] ?? ""}`;
  }
  return env;
}

function signalGroup(child, signal) {
  try {
    if (isWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

/**
 * Runs a program to its end and resolves to {code, output}. It gets a process group of its own: a Ctrl-C reaches it once, through us,
 * so it can drain; what it leaves behind is ended with it. `capture` keeps stdout and stderr in `output`; `echo` shows them as well.
 */
export function run(command, args, { env, capture = false, echo = false, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const piped = capture || echo;
    const child = spawn(command, args, {
      cwd,
      env,
      detached: !isWindows,
      stdio: ["ignore", piped ? "pipe" : "inherit", piped ? "pipe" : "inherit"],
    });
    let output = "";
    running.add(child);
    for (const [stream, own] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream?.setEncoding("utf8").on("data", (text) => {
        if (capture) output += text;
        if (echo) own.write(text);
      });
    }
    child.on("error", (error) => {
      running.delete(child);
      reject(error);
    });
    // What it started and left goes with it, and with that our end of its pipes.
    child.on("exit", () => signalGroup(child, "SIGKILL"));
    child.on("close", (code, signal) => {
      running.delete(child);
      resolve({ code: code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 1), signal, output });
    });
  });
}

/** Asks every child to end, waits for its drain, then ends what is left. Resolves to whether all ended by themselves, with code 0. */
async function stopChildren(signal) {
  const asked = [...running];
  for (const child of running) {
    // Only the child itself: what it started (the emulator) must outlive its drain.
    try {
      child.kill(signal);
    } catch {
      // Already gone.
    }
  }
  const deadline = Date.now() + drainSeconds * 1000;
  while (running.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  for (const child of running) signalGroup(child, "SIGKILL");
  return asked.every((child) => child.exitCode === 0);
}

/** True once a signal or the end of our parent has begun to stop everything. */
export function isStopping() {
  return stopping;
}

async function stopAll(signal, code) {
  if (stopping) return;
  stopping = true;
  const hadChildren = running.size > 0;
  const drained = await stopChildren(signal);
  process.exit(hadChildren && drained ? 0 : code);
}

/** npm starts us through a shell, which stays when npm is killed: the pid of the npm behind it, or undefined when there is no such shell. */
function npmBehindShell(parent) {
  if (isWindows || !process.env.npm_lifecycle_event) return undefined;
  const { stdout } = spawnSync("ps", ["-o", "ppid=,comm=", "-p", String(parent)], { encoding: "utf8" });
  const [, fromPs, name] = /^\s*(\d+)\s+(\S+)/.exec(stdout ?? "") ?? [];
  if (fromPs) return /(^|[/-])(sh|dash|bash|zsh|ash)$/.test(name) ? Number(fromPs) : undefined;
  try {
    // A bare Linux may have no ps.
    const [, comm, ppid] = /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${parent}/stat`, "utf8")) ?? [];
    return /^(sh|dash|bash|zsh|ash|busybox)$/.test(comm ?? "") ? Number(ppid) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Forwards signals, and stops the children when the process that started us is gone: npm can die without telling. */
export function superviseChildren() {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ]) {
    process.on(signal, () => {
      if (stopping) {
        if (signal !== "SIGINT") return;
        say("Ending now.");
        for (const child of running) signalGroup(child, "SIGKILL");
        process.exit(code);
      }
      stopAll(signal, code);
    });
  }
  const parent = process.ppid;
  const npm = npmBehindShell(parent);
  setInterval(() => {
    if (process.ppid !== parent || (npm && !isAlive(npm))) stopAll("SIGTERM", 143);
  }, 500).unref();
}
