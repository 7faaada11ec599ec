/** Whether a second person is needed, and why; and the note in the trail of a start without one. */
import type { Logger } from "pino";
import type { FourEyes } from "#lib/contract/api.ts";
import { listAccounts } from "#lib/store/accounts.ts";
import type { Database } from "#lib/store/database.ts";
import { noteSeen, wasSeen } from "#lib/store/sign-in-tries.ts";
import { recorded } from "./account-receipts.ts";
import { roleOf } from "./accounts.ts";
import type { Config } from "./config.ts";
import { acceptedIssuers } from "./identities.ts";

interface Parts {
  readonly config: Config;
  readonly db: Database;
}

const begun = "four-eyes";
/** Things seen are forgotten by their time; this one has none. */
const neverForgotten = Number.MAX_SAFE_INTEGER;

/** Whether four eyes are on now. Begins them with the second admin of a live console. */
export async function judgeFourEyes({ config, db }: Parts): Promise<FourEyes> {
  if (config.fourEyes === "on") return { isOn: true, why: "The setting FOUR_EYES asks for a second person." };
  if (config.fourEyes === "off") return { isOn: false, why: "The setting FOUR_EYES does without a second person." };
  if (config.live === null)
    return { isOn: false, why: "This is a rehearsal: one person is enough. FOUR_EYES=on tries it with two." };
  const accounts = await listAccounts(db, acceptedIssuers(config));
  const admins = accounts.filter(
    (each) => roleOf(each) === "admin" && each.lastSignInAt !== null && each.disabledAt === null,
  );
  const isTwo = admins.length >= 2;
  // Once begun it stays: who shuts the others out, or takes their role, must not be alone that way.
  if (!(await wasSeen(db, begun, 0))) {
    if (!isTwo) return { isOn: false, why: "There is only one security admin, so nobody could agree." };
    await noteSeen(db, begun, neverForgotten);
  }
  return {
    isOn: true,
    why: isTwo
      ? `This console has ${admins.length} security admins.`
      : "This console has had two security admins. With one left, only the setting FOUR_EYES=off does without a second.",
  };
}

/** Whoever reads the trail of a real tenancy sees since when one person was enough. Never throws. */
export async function noteStart(parts: Parts & { readonly log: Logger; readonly clock: () => number }): Promise<void> {
  if (parts.config.live === null) return;
  const { isOn, why } = await judgeFourEyes(parts);
  if (isOn) return;
  const action = {
    operation: "startWithoutFourEyes",
    actor: "The console",
    role: "admin",
    target: "",
    requestId: crypto.randomUUID(),
    params: { why, setting: parts.config.fourEyes },
  } as const;
  await recorded(parts, action, async () => undefined).catch((error: unknown) =>
    parts.log.error({ err: error }, "a start without four eyes could not be recorded"),
  );
}
