/** `npm run emulator`: the emulator by itself. Prints one line of JSON on stdout when it listens; everything else goes to stderr. */
import { parseArgs } from "node:util";
import { parseSeedName } from "./seeds/seed.ts";
import { type StartOptions, startEmulator } from "./start.ts";
import { readTenanciesFile } from "./tenancies-file.ts";

const usage = `Usage: npm run emulator -- [options]
  --port N             port of the first region; the other regions and the control port follow (default: free ports)
  --dir DIRECTORY      keep the world there, across restarts (default: in memory)
  --seed SEED          demo, empty or scale:N for N vaults (default: demo); only for a new world
  --tenancies FILE     public keys to trust and compartments to have, JSON
  --settle-ms N        how long a state change takes, milliseconds (default: 1500; 0: at once)
  --no-throttle        do not refuse more than 10 reads or writes a second
  --exit-with-parent   end when standard input closes
  --help
`;

function complain(words: string): never {
  process.stderr.write(`emulator: ${words}\n`);
  process.exit(2);
}

function readOptions(): StartOptions & { readonly isTiedToParent: boolean } {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      dir: { type: "string" },
      seed: { type: "string", default: "demo" },
      tenancies: { type: "string" },
      "settle-ms": { type: "string", default: "1500" },
      "no-throttle": { type: "boolean", default: false },
      "exit-with-parent": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  return {
    port: values.port === undefined ? undefined : wholeNumber("--port", values.port, 1, 65_532),
    directory: values.dir,
    seed: parseSeedName(values.seed),
    tenancies: values.tenancies === undefined ? undefined : readTenanciesFile(values.tenancies),
    settleMs: wholeNumber("--settle-ms", values["settle-ms"], 0, 86_400_000),
    isThrottled: !values["no-throttle"],
    isTiedToParent: values["exit-with-parent"],
  };
}

function wholeNumber(name: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  throw new Error(`${name} must be a whole number from ${minimum} to ${maximum}, not ${JSON.stringify(text)}`);
}

function explain(error: unknown): string {
  const { code, message, port, syscall, path } = error as NodeJS.ErrnoException & { port?: number };
  if (code === "EADDRINUSE")
    return `port ${port} on 127.0.0.1 is taken. Choose another with --port, or none for free ports.`;
  if (code === "EACCES" && port !== undefined)
    return `port ${port} may not be used by this user. Choose one from 1024 up.`;
  if (syscall === "mkdir")
    return `--dir ${path} cannot be made or is not a directory (${code}). Name a directory this user can write.`;
  if (/locked/i.test(message))
    return "the world in --dir is in use by another emulator. Stop that one or choose another --dir.";
  return message;
}

async function main(): Promise<void> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions();
  } catch (error) {
    complain(`${explain(error)}\n\n${usage}`);
  }
  const emulator = await startEmulator(options).catch((error: unknown) => complain(explain(error)));
  process.stdout.write(`${JSON.stringify(emulator.announcement)}\n`);
  let isEnding = false;
  const end = (): void => {
    if (isEnding) return;
    isEnding = true;
    emulator.close().then(() => process.exit(0));
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  if (options.isTiedToParent) process.stdin.resume().on("end", end).on("close", end).on("error", end);
}

await main();
