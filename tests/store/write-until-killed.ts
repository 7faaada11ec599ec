// Run by crash.test.ts in a process of its own: writes receipts and revokes sessions as fast as it can, and says what was acknowledged.
import { writeSync } from "node:fs";
import { keepIdentity } from "#lib/store/accounts.ts";
import { openStore } from "#lib/store/open.ts";
import { writeReceipt } from "#lib/store/receipts.ts";
import { createSession, endSessions, findSession } from "#lib/store/sessions.ts";

const [dataDir = "", databaseUrl = "", turn = ""] = process.argv.slice(2);
const db = await openStore({ dataDir, databaseUrl: databaseUrl || null, receiptsKey: null });

async function write(worker: number): Promise<void> {
  for (let each = 0; ; each += 1) {
    const receiptId = `${turn}-${worker}-${each}`;
    await writeReceipt(db, {
      receiptId,
      phase: "intent",
      at: Date.now(),
      actor: "Ada",
      role: "admin",
      operation: "updateVault",
      tenancy: "t",
      region: "r",
      target: "v",
      reason: null,
      requestId: receiptId,
      details: {},
      result: "pending",
      status: null,
      opcRequestId: null,
    });
    writeSync(1, `receipt ${receiptId}\n`);
  }
}

async function revoke(): Promise<void> {
  const ada = await keepIdentity(db, { issuer: "local", subject: "ada", name: "Ada", role: "admin" }, Date.now());
  const session = {
    accountId: ada.id,
    epoch: ada.epoch,
    authAt: 0,
    idpSid: null,
    addressHash: "",
    agentHash: "",
    device: "",
  };
  for (;;) {
    const sid = await createSession(db, session, Date.now());
    const found = await findSession(db, sid);
    await endSessions(db, { sidHash: found?.sidHash ?? "" }, "signed-out", Date.now());
    writeSync(1, `revoked ${found?.sidHash}\n`);
  }
}

await Promise.all([...[0, 1, 2, 3].map(write), revoke()]);
