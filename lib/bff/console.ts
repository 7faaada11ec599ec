/** The console behind its addresses: puts the parts together and turns everything thrown into an answer with words. */
import { join } from "node:path";
import type { Logger } from "pino";
import type { InventoryTenancy, SessionAnswer } from "#lib/contract/api.ts";
import { keepCheckpoints } from "#lib/store/checkpoints.ts";
import type { Database } from "#lib/store/database.ts";
import { openStore } from "#lib/store/open.ts";
import { isTrailWell } from "#lib/store/trail.ts";
import { offerSetup } from "./accounts.ts";
import { createVerifier, exportActivity, readActivity } from "./activity.ts";
import { type Agreed, createApprovals } from "./approvals.ts";
import type { Config } from "./config.ts";
import { createCspReports } from "./csp-report.ts";
import { createDenials, type Denials } from "./denials.ts";
import { answerFeeds } from "./feeds.ts";
import { noteStart } from "./four-eyes.ts";
import { type Access, type Call, findAccess, identify, ofPerson, type PersonCall, requireAccess } from "./gate.ts";
import { createInventory, type InventoryKeeper } from "./inventory.ts";
import { createProvider } from "./oidc.ts";
import { answerPeople, carryOutRole } from "./people.ts";
import { carryOut, proxy } from "./proxy.ts";
import { createReconciler } from "./reconcile.ts";
import { answerJson, answerRefusal, explain } from "./refusal.ts";
import { createReveal } from "./reveal.ts";
import { createSessions, type Sessions, type SignedIn } from "./session.ts";
import { createShare } from "./share.ts";
import { sightOf, tenanciesInSight } from "./sight.ts";
import { answerSession, answerToStrangers } from "./sign-in.ts";
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
  /** What `/api/session` answers to somebody who is not signed in. Throws when the store does not answer. */
  toStrangers(): Promise<SessionAnswer>;
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
  /** Whose requests take turns together: a text for a session known here, null for everybody else. */
  recognize: Sessions["recognize"];
  /** How far each tenancy has been read: for the terminal of whoever starts the console. */
  tenancies(): readonly InventoryTenancy[];
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
  const inventory = createInventory(tenancies.all, clock, () => tenancies.clockOffsetMs(), log);
  const uploads = await createUploads(join(config.dataDir, "uploads"), config.uploadBytesMax);
  const reconciler = createReconciler({ db, tenancies, log, clock, isShared: config.databaseUrl !== null });
  const denials = createDenials({ db, log, clock });
  const without = { config, db, denials, tenancies, inventory, uploads, reconciler, log, clock };
  const approvals = createApprovals({
    config,
    db,
    log,
    clock,
    carryOut: (agreed: Agreed) =>
      agreed.payload.operation === "changeRole" ? carryOutRole(signIn, agreed) : carryOut(without, agreed),
  });
  const parts = { ...without, approvals };
  const reveal = createReveal({ config, db, tenancies, inventory, log, clock });
  const cspReports = createCspReports(log, clock);
  let isDraining = false;
  const startedAt = clock();
  const provider = config.oidc === null ? null : createProvider(config, config.oidc, db, clock);
  const signIn = {
    config,
    db,
    sessions,
    log,
    clock,
    mode,
    provider,
    approvals,
    denials,
    announceToken: options.announceToken,
  };
  await offerSetup(signIn, { isAgain: true });
  await noteStart({ config, db, log, clock });

  const gate = { config, sessions, denials, log };
  const ofAnyone = (request: Request, handle: (call: Call) => Promise<Response>) => answer(gate, request, handle);
  const ofPeople = (request: Request, handle: (call: PersonCall) => Promise<Response>) =>
    answer(gate, request, async (call) => handle(ofPerson(call)));

  return {
    oci: (request) => ofPeople(request, (call) => proxy(parts, call)),
    inventory: (request) =>
      ofPeople(request, ({ who }) =>
        answerInventory(inventory.read(sightOf(config.policy, who)), request, clock() + tenancies.clockOffsetMs()),
      ),
    activity: (request) =>
      ofPeople(request, async ({ who, target }) => {
        const sight = sightOf(config.policy, who);
        return answerJson(200, await readActivity(db, who.role, searchOf(target), sight, inventory));
      }),
    exportActivity: (request) => ofPeople(request, async ({ target }) => exportActivity(db, searchOf(target), clock())),
    verifyActivity: (request) => ofPeople(request, async () => answerJson(200, await verifyTrail())),
    session: (request) => ofAnyone(request, (call) => answerSession(signIn, call)),
    toStrangers: () => answerToStrangers(signIn),
    people: (request) => ofPeople(request, (call) => answerPeople(signIn, call)),
    approvals: (request) => ofPeople(request, approvals.answer),
    usage: (request) =>
      ofPeople(request, ({ who, target }) =>
        readUsage({ db, tenancies, inventory }, searchOf(target), sightOf(config.policy, who), who.sidHash),
      ),
    feeds: (request) => ofAnyone(request, (call) => answerFeeds(without, call, clock() + tenancies.clockOffsetMs())),
    reveal: (request) => ofPeople(request, reveal),
    status: (request) =>
      ofPeople(request, async ({ who }) => {
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
        return answerJson(200, readStatus(own, tenancies, seen, who.role));
      }),
    cspReport: (request) => ofAnyone(request, () => cspReports.take(request)),
    health: async () => answerJson(200, { status: "ok" }),
    ready: (request) =>
      ofAnyone(request, async () => {
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
    recognize: sessions.recognize,
    tenancies: () => inventory.tenancies(),
    drain() {
      isDraining = true;
    },
    async close() {
      inventory.stop();
      await reconciler.stop();
      await tenancies.close();
      await denials.flush();
      await checkpoints.close();
      await share?.stop();
      await db.destroy();
    },
  };
}

interface AnswerParts {
  readonly config: Config;
  readonly sessions: Sessions;
  readonly denials: Denials;
  readonly log: Logger;
}

/** Lets a request through the gate to its handler, and gives every refusal its words. */
async function answer(
  parts: AnswerParts,
  request: Request,
  handle: (call: Call) => Promise<Response>,
): Promise<Response> {
  const { denials, log } = parts;
  let access: Access | undefined;
  let who: SignedIn | null = null;
  const requestId = request.headers.get(requestIdHeader) ?? crypto.randomUUID();
  const target = request.headers.get(targetHeader) ?? new URL(request.url).pathname;
  try {
    access = findAccess(request.method, target);
    who = await identify(parts, access, request);
    requireAccess(access, who);
    return await handle({ request, target, requestId, who });
  } catch (error) {
    const refusal = explain(error);
    if (access !== undefined) await denials.note(refusal, { request, path: access.path, requestId, who });
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
  snapshot: ReturnType<InventoryKeeper["read"]>,
  request: Request,
  serviceNow: number,
): Promise<Response> {
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
