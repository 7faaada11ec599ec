/**
 * `/api/feeds`: the person's own calendar feed of deletions, under a secret address that calendar programs can read without
 * signing in. It shows what its owner may see, names and dates, and of each OCID only the end; it can be ended at any time, and ends
 * with whatever shuts its owner out.
 */
import type { Logger } from "pino";
import type { FeedAnswer, Inventory } from "#lib/contract/api.ts";
import { findAccount } from "#lib/store/accounts.ts";
import type { Database } from "#lib/store/database.ts";
import { endFeed, findFeed, makeFeed, openFeed } from "#lib/store/feeds.ts";
import { deletionCalendar } from "#lib/vault/ics.ts";
import { hasDeletionDate } from "#lib/vault/lifecycle.ts";
import { recorded } from "./account-receipts.ts";
import { roleOf } from "./accounts.ts";
import type { Config } from "./config.ts";
import { type Call, ofPerson } from "./gate.ts";
import { acceptedIssuers } from "./identities.ts";
import type { InventoryKeeper } from "./inventory.ts";
import { answerJson, Refusal } from "./refusal.ts";
import { sightOf } from "./sight.ts";

export interface FeedParts {
  readonly config: Config;
  readonly db: Database;
  readonly inventory: InventoryKeeper;
  readonly log: Logger;
  readonly clock: () => number;
}

/** Who leaves the company at the provider is told nobody here: a feed lives on its owner's signing in now and then. */
const lapseMs = 90 * 86_400_000;
/** The secret is in the query: addresses without it may be logged. */
const feedPath = "/api/feeds/deletions.ics";

/** Answers `/api/feeds` (GET, POST, DELETE) and the feed itself. `serviceNow` in epoch ms. Throws what `explain` turns into a refusal. */
export async function answerFeeds(parts: FeedParts, call: Call, serviceNow: number): Promise<Response> {
  const [path, query = ""] = call.target.split("?");
  if (path === feedPath) return answerCalendar(parts, new URLSearchParams(query).get("key") ?? "", serviceNow);
  const { db, clock } = parts;
  const { who, request, requestId } = ofPerson(call);
  const tell = async (path: string | null): Promise<Response> =>
    answerJson(200, { feed: await findFeed(db, who.accountId), path } satisfies FeedAnswer);
  if (request.method === "GET") return tell(null);
  const action = {
    actor: who.name,
    role: who.role,
    by: { issuer: who.issuer, subject: who.subject },
    target: who.accountId,
    requestId,
  };
  if (request.method === "DELETE") {
    await recorded(parts, { operation: "endFeed", ...action }, () => endFeed(db, who.accountId));
    return tell(null);
  }
  const token = await recorded(parts, { operation: "makeFeed", ...action }, () => makeFeed(db, who.accountId, clock()));
  return tell(`${feedPath}?key=${token}`);
}

async function answerCalendar(parts: FeedParts, key: string, serviceNow: number): Promise<Response> {
  const { config, db, inventory, clock } = parts;
  const owner = /^[\w-]{43}$/.test(key) ? await openFeed(db, key, clock()) : null;
  const account = owner === null ? null : await findAccount(db, owner);
  const isLapsed = account !== null && clock() - (account.lastSignInAt ?? 0) > lapseMs;
  if (account === null || isLapsed || !acceptedIssuers(config).includes(account.issuer)) throw noCalendar();
  const { inventory: seen } = inventory.read(sightOf(config.policy, { ...account, role: roleOf(account) }));
  // A calendar that is empty because nothing was read yet would wipe somebody's dates.
  const isOut = seen.tenancies.length === 0;
  const isWhole =
    (isOut ? inventory.tenancies() : seen.tenancies).every(isRead) &&
    seen.vaults.every(({ lifecycleState, details }) => !hasDeletionDate(lifecycleState) || details !== undefined);
  if (!isWhole) throw new Refusal(503, "StillReading", "The vaults are still being read.", { retryAfterSeconds: 30 });
  // In no scope any more: an empty calendar would say that nothing is to be deleted.
  if (isOut) throw noCalendar();
  return new Response(deletionCalendar(eventsOf(seen), serviceNow), {
    headers: {
      "content-type": "text/calendar; charset=utf-8",
      "content-disposition": 'inline; filename="vault-deletions.ics"',
      "cache-control": "no-store",
    },
  });
}

function isRead({ partsTotal, partsRead }: Inventory["tenancies"][number]): boolean {
  return partsTotal > 0 && partsRead === partsTotal;
}

function noCalendar(): Refusal {
  return new Refusal(404, "NotFound", "There is no such calendar.", {
    action: "Make a new link on the deletion desk.",
  });
}

function eventsOf({ tenancies, vaults }: Inventory) {
  const names = new Map(
    tenancies.flatMap(({ compartments }) => compartments.map(({ id, name }) => [id, name] as const)),
  );
  return vaults.flatMap(({ displayName, region, id, compartmentId, lifecycleState, details }) => {
    const deletionMs = Date.parse(details?.timeOfDeletion ?? "");
    if (!hasDeletionDate(lifecycleState) || details?.isPrimary === false || Number.isNaN(deletionMs)) return [];
    return [{ displayName, region, id, compartmentPath: names.get(compartmentId) ?? "not visible", deletionMs }];
  });
}
