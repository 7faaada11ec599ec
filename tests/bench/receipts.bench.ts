// F11: durable receipts beside what the store itself can commit, and how fast the trail is verified.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqlite } from "#lib/store/database.ts";
import { type Receipt, writeReceipt } from "#lib/store/receipts.ts";
import { auditKeyOf } from "#lib/store/trail.ts";
import { verifyReceipts } from "#lib/store/verify.ts";
import type { Figure } from "../../scripts/bench.ts";

const commits = 2_000;
const rounds = 3;
const trailRows = 100_000;

const receipt: Receipt = {
  receiptId: "2b0c6b5e-6f0e-4c3e-9a57-0a8a2d5f1c11",
  phase: "intent",
  at: 1_800_000_000_000,
  actor: "Ada Admin",
  role: "admin",
  operation: "updateVault",
  tenancy: "ocid1.tenancy.oc1..aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffffgggggggghhhhhhhh",
  region: "us-ashburn-1",
  target: "ocid1.vault.oc1.iad.aaaaaaaabbbbb.abuwcljtaaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffffgggg",
  reason: "Owner moved to logistics, CHG-77",
  requestId: "5d41402abc4b2a76b9719d911017c592",
  details: {
    params: { vaultId: "ocid1.vault.oc1.iad.a.b", body: { displayName: "cold-chain-sensors" } },
    before: null,
  },
  result: "pending",
  status: null,
  opcRequestId: null,
};

/** One row, one commit, with the store's own settings: what the disk gives. */
function bareCommits(directory: string): number {
  const sqlite = new DatabaseSync(join(directory, "bare.sqlite"));
  sqlite.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, text TEXT)",
  );
  const insert = sqlite.prepare("INSERT INTO bare (text) VALUES (?)");
  const text = JSON.stringify(receipt);
  const since = performance.now();
  for (let each = 0; each < commits; each += 1) insert.run(text);
  const rate = commits / ((performance.now() - since) / 1000);
  sqlite.close();
  return rate;
}

async function inTurn(write: () => Promise<void>): Promise<number> {
  const since = performance.now();
  for (let each = 0; each < commits; each += 1) await write();
  return commits / ((performance.now() - since) / 1000);
}

async function together(write: () => Promise<void>): Promise<number> {
  const since = performance.now();
  for (let each = 0; each < commits; each += 32) await Promise.all(Array.from({ length: 32 }, write));
  return commits / ((performance.now() - since) / 1000);
}

export async function bench(): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), "ovc-bench-receipts-"));
  const db = openSqlite(directory);
  const write = () => writeReceipt(db, receipt);
  try {
    const best = { bare: 0, alone: 0, together: 0 };
    for (let round = 0; round < rounds; round += 1) {
      best.bare = Math.max(best.bare, bareCommits(directory));
      best.alone = Math.max(best.alone, await inTurn(write));
      best.together = Math.max(best.together, await together(write));
    }
    const missing = trailRows - rounds * 2 * commits;
    for (let each = 0; each < missing; each += 200) await Promise.all(Array.from({ length: 200 }, write));
    const verdict = await verifyReceipts(db, { key: auditKeyOf(db), checkpoints: [] });
    if (!verdict.isIntact) throw new Error(`the trail is not intact: ${verdict.fault?.what}`);
    const verified = verdict.rows / (verdict.tookMs / 1000);
    const peerName = "one row a commit, SQLite alone";
    return [
      {
        what: "F11 durable receipts a second, one after the other",
        ours: best.alone,
        unit: "/s",
        peer: best.bare,
        peerName,
        ratio: best.alone / best.bare,
        goal: "≥ 0.6",
        met: best.alone >= 0.6 * best.bare,
      },
      {
        what: "F11 durable receipts a second, 32 at a time",
        ours: best.together,
        unit: "/s",
        peer: best.bare,
        peerName,
        ratio: best.together / best.bare,
        goal: "≥ 0.6",
        met: best.together >= 0.6 * best.bare,
      },
      {
        what: `F11 receipts verified a second, of ${trailRows}`,
        ours: verified,
        unit: "/s",
        peer: null,
        peerName: "",
        ratio: null,
        goal: "≥ 50,000",
        met: verified >= 50_000,
      },
    ];
  } finally {
    await db.destroy();
    rmSync(directory, { recursive: true });
  }
}
