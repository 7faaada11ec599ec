/** The emulator as its own process, as everyone else meets it. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Announcement } from "#emulator/start.ts";

const mainFile = fileURLToPath(new URL("../../emulator/main.ts", import.meta.url));

export interface Launched {
  readonly announcement: Announcement;
  readonly child: ChildProcess;
  /** Everything on stdout so far. */
  stdout(): string;
  /** Sends a signal and waits for the end; gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts it and waits for its line. Rejects with stderr when it ends first. */
export function launch(...options: string[]): Promise<Launched> {
  const child = spawn(process.execPath, [mainFile, ...options], { stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const stop = (signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      const end = stdout.indexOf("\n");
      if (end >= 0) resolve({ announcement: JSON.parse(stdout.slice(0, end)), child, stdout: () => stdout, stop });
    });
    ended.then((code) => reject(new Error(`emulator ended with ${code}: ${stderr}`)));
  });
}

/** Runs it with arguments it should refuse; gives exit code and stderr. */
export function launchToRefuse(...options: string[]): Promise<{ code: number | null; stderr: string }> {
  return launch(...options).then(
    async (launched) => {
      await launched.stop();
      return { code: 0, stderr: "" };
    },
    (error: Error) => {
      const [, code = "", stderr = ""] = /^emulator ended with (\S+): (.*)$/s.exec(error.message) ?? [];
      return { code: Number(code), stderr };
    },
  );
}
