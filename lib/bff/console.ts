/** The console behind its addresses: puts the parts together and turns everything thrown into an answer with words. */
import { join } from "node:path";
import type { Logger } from "pino";
import { keepCheckpoints } from "#lib/store/checkpoints.ts";
import type { Database } from "#lib/store/database.ts";
import { openStore } from "#lib/store/open.ts";
import { isTrailWell } from "#lib/store/trail.ts";
import { offerSetup } from "./accounts.ts";
import { createVerifier, exportActivity, readActivity } from "./activity.ts";
import { type Agreed, createApprovals } from "./approvals.ts";
import type { Config } from "./config.ts";
import { createCspReports } from "./csp-report.ts";
import { answerFeeds } from "./feeds.ts";
import { requireSameOriginRead } from "./guard.ts";
import { createInventory, type InventoryKeeper } from "./inventory.ts";
import { createProvider } from "./oidc.ts";
import { answerPeople, carryOutRole } from "./people.ts";
import { carryOut, proxy } from "./proxy.ts";
import { createReconciler } from "./reconcile.ts";
import { answerJson, answerRefusal, explain } from "./refusal.ts";
import { createReveal } from "./reveal.ts";
import { createSessions, notSignedIn, type Sessions, type SignedIn } from "./session.ts";
import { createShare } from "./share.ts";
import { sightOf, tenanciesInSight } from "./sight.ts";
import { answerSession } from "./sign-in.ts";
import { readStatus } from "./status.ts";
import type { Tenancies } from "./tenancies.ts";
import { createUploads } from "./upload.ts";
import { readUsage } from "./usage.ts";

export interface Console {
  /** `/api/oci/…` */
  oci(request: Request): Promise<Response>;
  /** `/api/inventory` */
  inventory(request: Request): Promise<Response>;
  /** `/api/activity` */
  activity(request: Request): Promise<Response>;
  /** `/api/activity/export` */
  exportActivity(request: Request): Promise<Response>;
  /** `/api/activity/verify` */
  verifyActivity(request: Request): Promise<Response>;
  /** `/api/people…` */
  people(request: Request): Promise<Response>;
  /** `/api/session…` */
  session(request: Request): Promise<Response>;
  /** `/api/approvals…` */
  approvals(request: Request): Promise<Response>;
  /** `/api/usage` */
  usage(request: Request): Promise<Response>;
  /** `/api/feeds…` */
  feeds(request: Request): Promise<Response>;
  /** `/api/reveal` */
  reveal(request: Request): Promise<Response>;
  /** `/api/status` */
  status(request: Request): Promise<Response>;
  /** `/api/csp-report` */
  cspReport(request: Request): Promise<Response>;
  /** `/api/health`: the process answers. */
  health(request: Request): Promise<Response>;
  /** `/api/ready`: it should be given requests. */
  ready(request: Request): Promise<Response>;
  /** Stops taking work; readiness turns false at once. */
  drain(): void;
  /** Ends background work and closes the store. */
  close(): Promise<void>;
}

export interface ConsoleOptions {
  readonly config: Config;
  readonly tenancies: Tenancies;
  readonly log: Logger;
  readonly mode: "rehearsal" | "live";
  /** Gets every new one-time token for the first admin. */
  readonly announceToken: (token: string) => void;
  readonly clock?: () => number;
}

/** Header of the front door that carries the raw request target; Next decodes paths. */
export const targetHeader = "x-ovc-target";
/** Header of the front door that carries the id of this request. */
export const requestIdHeader = "x-ovc-request-id";

/** Header by which an answer that is compressed already says how; the front door makes `content-encoding` of it. */
export const encodingHeader = "x-ovc-encoding";

/** A store that takes longer to answer one row is no store to give requests to. */
const storeAnswersMs = 2_000;

/** Opens the store and starts the background scan. Throws when the store or the data directory cannot be used. */
export async function createConsole(options: ConsoleOptions): Promise<Console> {
  const { config, tenancies, mode, log } = options;
  const clock = options.clock ?? Date.now;
  const db = await openStore({ ...config, onLost: (error) => log.warn({ err: error }, "a store connection broke") });
  const checkpoints = await keepCheckpoints(db, {
    file: config.receiptsCheckpoints,
    clock,
    onWritten: (checkpoint) => log.info({ checkpoint }, "receipts checkpoint"),
    onFailed: (error) => log.error({ err: error }, "the checkpoint of the receipts could not be written"),
  });
  const verifyTrail = createVerifier(db, config.receiptsCheckpoints);
  const share = config.databaseUrl === null ? null : createShare(db, log);
  if (share !== null) tenancies.shareCalls(share.of);
  const sessions = createSessions(config, db, clock);
  const inventory = createInventory(tenancies.all, clock, () => tenancies.clockOffsetMs());
  const uploads = await createUploads(join(config.dataDir, "uploads"), config.uploadBytesMax);
  const reconciler = createReconciler({ db, tenancies, log, clock, isShared: config.databaseUrl !== null });
  const without = { config, db, sessions, tenancies, inventory, uploads, reconciler, log, clock };
  const approvals = createApprovals({
    config,
    db,
    sessions,
    log,
    clock,
    carryOut: (agreed: Agreed) =>
      agreed.payload.operation === "changeRole" ? carryOutRole(signIn, agreed) : carryOut(without, agreed),
  });
  const parts = { ...without, approvals };
  const reveal = createReveal({ config, db, sessions, tenancies, inventory, log, clock });
  const cspReports = createCspReports(log, clock);
  let isDraining = false;
  const startedAt = clock();
  const provider = config.oidc === null ? null : createProvider(config, config.oidc, db, clock);
  const signIn = { config, db, sessions, log, clock, mode, provider, approvals, announceToken: options.announceToken };
  await offerSetup(signIn, { isAgain: true });

  return {
    oci: (request) => answer(log, request, (target, requestId) => proxy(parts, request, target, requestId)),
    inventory: (request) =>
      answer(log, request, () =>
        answerInventory(config, sessions, inventory, request, clock() + tenancies.clockOffsetMs()),
      ),
    activity: (request) =>
      answer(log, request, async (target) => {
        const who = await requireReader(sessions, request);
        const sight = sightOf(config.policy, who);
        return answerJson(200, await readActivity(db, who.role, searchOf(target), sight, inventory));
      }),
    exportActivity: (request) =>
      answer(log, request, async (target) => {
        const { role } = await requireReader(sessions, request);
        return exportActivity(db, role, searchOf(target), clock());
      }),
    verifyActivity: (request) =>
      answer(log, request, async () => {
        const { role } = await requireReader(sessions, request);
        return answerJson(200, await verifyTrail(role));
      }),
    session: (request) =>
      answer(log, request, (target, requestId) => answerSession(signIn, { request, target, requestId })),
    people: (request) => answer(log, request, (target, requestId) => answerPeople(signIn, request, target, requestId)),
    approvals: (request) => answer(log, request, (target, requestId) => approvals.answer(request, target, requestId)),
    usage: (request) =>
      answer(log, request, async (target) => {
        const who = await requireReader(sessions, request);
        return readUsage({ db, tenancies, inventory }, searchOf(target), sightOf(config.policy, who));
      }),
    feeds: (request) =>
      answer(log, request, (target, requestId) =>
        answerFeeds(without, request, target, requestId, clock() + tenancies.clockOffsetMs()),
      ),
    reveal: (request) => answer(log, request, (_target, requestId) => reveal(request, requestId)),
    status: (request) =>
      answer(log, request, async () => {
        requireSameOriginRead(request);
        // The page reads it over and over: that is nobody at the keyboard.
        const who = await sessions.identify(request, { isActivity: false });
        if (who === null) throw notSignedIn();
        const own = {
          now: clock(),
          startedAt,
          mode,
          isShared: config.databaseUrl !== null,
          isStoreWell: await isStoreReadable(db),
          areReceiptsWell: isTrailWell(db),
          unwritten: reconciler.owed(),
          isDraining,
        };
        const seen = tenanciesInSight(inventory.tenancies(), sightOf(config.policy, who));
        return answerJson(200, readStatus(own, tenancies, seen));
      }),
    cspReport: (request) => answer(log, request, () => cspReports.take(request)),
    health: async () => answerJson(200, { status: "ok" }),
    ready: (request) =>
      answer(log, request, async () => {
        const isStoreWell = await isStoreReadable(db);
        const areReceiptsWell = isTrailWell(db) && reconciler.owed() === 0;
        const isReady = !isDraining && isStoreWell && areReceiptsWell;
        return answerJson(isReady ? 200 : 503, {
          status: isReady ? "ready" : "not ready",
          mode,
          draining: isDraining,
          store: isStoreWell,
          receipts: areReceiptsWell,
        });
      }),
    drain() {
      isDraining = true;
    },
    async close() {
      inventory.stop();
      await reconciler.stop();
      await tenancies.close();
      await checkpoints.close();
      await share?.stop();
      await db.destroy();
    },
  };
}

async function answer(
  log: Logger,
  request: Request,
  handle: (target: string, requestId: string) => Promise<Response>,
): Promise<Response> {
  const requestId = request.headers.get(requestIdHeader) ?? crypto.randomUUID();
  const target = request.headers.get(targetHeader) ?? new URL(request.url).pathname;
  try {
    return await handle(target, requestId);
  } catch (error) {
    const refusal = explain(error);
    const line = {
      requestId,
      method: request.method,
      path: target.split("?")[0],
      status: refusal.status,
      code: refusal.code,
    };
    if (refusal.status === 500) log.error({ ...line, err: error }, "request failed");
    else log.info(line, "request refused");
    return answerRefusal(refusal, requestId);
  }
}

async function answerInventory(
  config: Config,
  sessions: Sessions,
  inventory: InventoryKeeper,
  request: Request,
  serviceNow: number,
): Promise<Response> {
  requireSameOriginRead(request);
  // A page that polls is not a person at the keyboard: the idle clock runs on.
  const who = await sessions.identify(request, { isActivity: false });
  if (who === null) throw notSignedIn();
  const snapshot = inventory.read(sightOf(config.policy, who));
  const headers = {
    etag: snapshot.etag,
    "x-ovc-ages": snapshot.ages,
    "x-ovc-now": String(serviceNow),
    "cache-control": "no-store",
    vary: "accept-encoding",
  };
  if (request.headers.get("if-none-match") === snapshot.etag) return new Response(null, { status: 304, headers });
  const isSmall = snapshot.json.byteLength < 1024 || !/\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
  const body = isSmall ? snapshot.json : await snapshot.gzip();
  return new Response(body as BodyInit, {
    headers: { ...headers, "content-type": "application/json", ...(isSmall ? {} : { [encodingHeader]: "gzip" }) },
  });
}

/** The signed-in person of a read from the console's own pages. Throws a Refusal otherwise. */
async function requireReader(sessions: Sessions, request: Request): Promise<SignedIn> {
  requireSameOriginRead(request);
  const who = await sessions.identify(request);
  if (who === null) throw notSignedIn();
  return who;
}

function searchOf(target: string): URLSearchParams {
  const mark = target.indexOf("?");
  return new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1));
}

async function isStoreReadable(db: Database): Promise<boolean> {
  const query = db.selectFrom("sessions").select("sid_hash").limit(1).execute();
  const late = new Promise<never>((_resolve, reject) => setTimeout(reject, storeAnswersMs).unref());
  return Promise.race([query, late]).then(
    () => true,
    () => false,
  );
}
