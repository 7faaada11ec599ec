/** Rehearsal: the built-in emulator as a process of its own, reached over HTTP with signed requests like any other service. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import type { Config } from "./config.ts";
import { SettingError } from "./setting-error.ts";

const startMs = 60_000;

/** The one JSON line the emulator prints when it is ready. */
const EmulatorLine = z.object({
  regions: z.record(z.string(), z.object({ kms: z.url(), identity: z.url(), objectstorage: z.url(), limits: z.url() })),
  control: z.url(),
  config: z.string(),
  tenancies: z.array(z.object({ tenancy: z.string(), compartments: z.array(z.string()) })),
});
export type EmulatorLine = z.output<typeof EmulatorLine>;

export interface Rehearsal {
  readonly emulator: EmulatorLine;
  /** Resolves when the emulator's process is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the emulator with its world under the data directory and leaves its addresses in `emulator.json` there. Throws
 * with the emulator's own words when it does not start. `onExit` hears of an end nobody asked for.
 */
export async function startRehearsal(config: Config, onExit: (why: string) => void): Promise<Rehearsal> {
  const main = join(import.meta.dirname, "../../emulator/main.ts");
  const given = config.emulatorArguments;
  const seed = given.includes("--seed") ? [] : ["--seed", "demo"];
  const args = [main, "--dir", join(config.dataDir, "emulator"), "--exit-with-parent", ...seed, ...given];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"] });
  const said: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.push(text);
    if (said.length > 50) said.shift();
  });
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once("error", (error) => resolve(error.message));
  });
  let isExpected = true;
  void ended.then((why) => {
    if (!isExpected) onExit(`${why}. ${said.join("").trim()}`.trim());
  });
  const emulator = await firstLine(child.stdout).catch(async (error: Error) => {
    child.kill();
    const why = await ended;
    const words = said.join("").trim();
    throw new SettingError(
      given.length > 0 ? "EMULATOR_ARGS" : "DATA_DIR",
      `or the rehearsal kept there keeps the emulator from starting:\n  ${words === "" ? `${error.message} (${why})` : words}`,
      `To begin the rehearsal anew, delete ${join(config.dataDir, "emulator")}.`,
    );
  });
  isExpected = false;
  writeFileSync(join(config.dataDir, "emulator.json"), `${JSON.stringify(emulator)}\n`, { mode: 0o600 });
  return {
    emulator,
    async stop() {
      isExpected = true;
      child.stdin.end();
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function firstLine(stdout: NodeJS.ReadableStream): Promise<EmulatorLine> {
  const lines = createInterface({ input: stdout });
  const timer = setTimeout(() => lines.close(), startMs);
  try {
    for await (const line of lines) return EmulatorLine.parse(JSON.parse(line));
    throw new Error(`The emulator ended, or did not say within ${startMs / 1000} s that it is ready.`);
  } finally {
    clearTimeout(timer);
    stdout.resume();
  }
}
