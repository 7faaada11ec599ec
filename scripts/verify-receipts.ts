// Behind `npm run verify-receipts`: reads the whole trail of the configured store, without changing anything, and says whether it is
// what the console wrote. Exit code 0: intact. 1: not. 2: it could not be looked at.
// `npm run verify-receipts -- [--checkpoints FILE …] [--json]`: checkpoints kept elsewhere, instead of RECEIPTS_CHECKPOINTS.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadConfig } from "#lib/bff/config.ts";
import { readCheckpoints } from "#lib/store/checkpoints.ts";
import { openStoreToRead } from "#lib/store/open.ts";
import { auditKeyOf } from "#lib/store/trail.ts";
import { type TrailVerdict, verifyReceipts } from "#lib/store/verify.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { checkpoints: { type: "string", multiple: true }, json: { type: "boolean", default: false } },
  });
  const config = loadConfig();
  const files = values.checkpoints ?? [config.receiptsCheckpoints];
  for (const file of values.checkpoints ?? []) {
    if (!existsSync(file))
      throw Object.assign(new Error(`There is no file ${file}.`), { hint: "Correct --checkpoints." });
  }
  const db = await openStoreToRead(config);
  try {
    const checkpoints = files.flatMap((file) => readCheckpoints(file));
    const verdict = await verifyReceipts(db, { key: auditKeyOf(db), checkpoints });
    if (values.json) say(JSON.stringify(verdict));
    else report(verdict, files);
    return verdict.isIntact ? 0 : 1;
  } finally {
    await db.destroy();
  }
}

function report({ isIntact, rows, head, fault, checkpoints, lastCheckpointAt, tookMs }: TrailVerdict, files: string[]) {
  const against =
    checkpoints === 0
      ? `no checkpoints in ${files.join(", ")}: a store put back to an earlier day would not be noticed`
      : `${checkpoints} checkpoints, the last of ${lastCheckpointAt}`;
  if (isIntact) {
    say(`The trail is intact: ${rows} receipts, ending with ${head.seq} (${head.hash.slice(0, 16)}…).`);
    say(`Held against ${against}. ${Math.round(rows / (tookMs / 1000) || 0)} rows a second.`);
    return;
  }
  say(`The trail is NOT intact. First bad row: ${fault?.seq}.`);
  say(fault?.what ?? "");
  say(`${rows} receipts before it are as they were written. Keep the store as it is and compare it with a backup.`);
}

try {
  process.exitCode = await main();
} catch (error) {
  const { message, hint = "" } = error as Error & { hint?: string };
  process.stderr.write(`The receipts could not be verified.\n${message}\n${hint}\n`);
  process.exitCode = 2;
}
