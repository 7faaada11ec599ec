/** Progress goes to stderr, so that what a command is asked for (an address, a JSON line, a result) has stdout to itself. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** An end that the reader can do something about: printed without a stack. */
export class Stop extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.name = "Stop";
    this.exitCode = exitCode;
  }
}

/** Says `line`, then how long it has been taking every 20 seconds, until `work` ends. */
export async function sayWhile(line, work) {
  say(line);
  const since = Date.now();
  const ticker = setInterval(() => say(`  … still at it, ${Math.round((Date.now() - since) / 1000)} s`), 20_000);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}
