/** The console behind its addresses: puts the parts together and turns everything thrown into an answer with words. */
import { join } from "node:path";
import type { Logger } from "pino";
import * as z from "zod";
import type { SessionAnswer } from "#lib/contract/api.ts";
import { consoleRoles } from "#lib/contract/api.ts";
import { keepCheckpoints } from "#lib/store/checkpoints.ts";
import type { Database } from "#lib/store/database.ts";
import { openStore } from "#lib/store/open.ts";
import { claimSignInToken, mintSignInToken } from "#lib/store/sessions.ts";
import { isTrailWell } from "#lib/store/trail.ts";
import { createVerifier, readActivity } from "./activity.ts";
import type { Config } from "./config.ts";
import { readJson, requireSameOriginRead, requireSameOriginWrite } from "./guard.ts";
import { createInventory, type InventoryKeeper } from "./inventory.ts";
import { proxy } from "./proxy.ts";
import { createReconciler } from "./reconcile.ts";
import { answerJson, answerRefusal, explain, Refusal } from "./refusal.ts";
import { createSessions, notSignedIn, personas, type Sessions } from "./session.ts";
import type { Tenancies } from "./tenancies.ts";
import { createUploads } from "./upload.ts";

export interface Console {
  /** `/api/oci/…` */
  oci(request: Request): Promise<Response>;
  /** `/api/inventory` */
  inventory(request: Request): Promise<Response>;
  /** `/api/activity` */
  activity(request: Request): Promise<Response>;
  /** `/api/activity/verify` */
  verifyActivity(request: Request): Promise<Response>;
  /** `/api/session` */
  session(request: Request): Promise<Response>;
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
  /** Gets every new one-time sign-in token of live mode. */
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

const SignInBody = z.union([
  z.strictObject({ persona: z.enum(consoleRoles) }),
  z.strictObject({ token: z.string().min(1).max(200) }),
]);

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
  const sessions = createSessions(config, db, clock);
  const inventory = createInventory(tenancies.all, clock, () => tenancies.clockOffsetMs());
  const uploads = await createUploads(join(config.dataDir, "uploads"), config.uploadBytesMax);
  const reconciler = createReconciler({ db, tenancies, log, clock, isShared: config.databaseUrl !== null });
  const parts = { config, db, sessions, tenancies, inventory, uploads, reconciler, log, clock };
  let isDraining = false;
  if (mode === "live") options.announceToken(await mintSignInToken(db, clock()));

  return {
    oci: (request) => answer(log, request, (target, requestId) => proxy(parts, request, target, requestId)),
    inventory: (request) =>
      answer(log, request, () => answerInventory(sessions, inventory, request, clock() + tenancies.clockOffsetMs())),
    activity: (request) => answer(log, request, (target) => answerActivity(sessions, db, request, target)),
    verifyActivity: (request) =>
      answer(log, request, async () => {
        requireSameOriginRead(request);
        const who = await sessions.identify(request);
        if (who === null) throw notSignedIn();
        return answerJson(200, await verifyTrail(who.role));
      }),
    session: (request) =>
      answer(log, request, () => answerSession({ config, db, sessions, mode, clock, options }, request)),
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
  sessions: Sessions,
  inventory: InventoryKeeper,
  request: Request,
  serviceNow: number,
): Promise<Response> {
  requireSameOriginRead(request);
  // A page that polls is not a person at the keyboard: the idle clock runs on.
  if ((await sessions.identify(request, { isActivity: false })) === null) throw notSignedIn();
  const snapshot = inventory.read();
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

async function answerActivity(sessions: Sessions, db: Database, request: Request, target: string): Promise<Response> {
  requireSameOriginRead(request);
  const who = await sessions.identify(request);
  if (who === null) throw notSignedIn();
  const mark = target.indexOf("?");
  return answerJson(200, await readActivity(db, who.role, new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1))));
}

interface SessionParts {
  readonly config: Config;
  readonly db: Database;
  readonly sessions: Sessions;
  readonly mode: "rehearsal" | "live";
  readonly clock: () => number;
  readonly options: ConsoleOptions;
}

async function answerSession(parts: SessionParts, request: Request): Promise<Response> {
  if (request.method === "GET") {
    requireSameOriginRead(request);
    const who = await parts.sessions.identify(request);
    const user = who === null ? null : { name: who.name, role: who.role, signedInAt: who.signedInAt };
    return answerJson(200, sessionAnswer(parts, user));
  }
  requireSameOriginWrite(request, parts.config.origins);
  if (request.method === "DELETE") {
    const cookie = await parts.sessions.end(request);
    return answerJson(200, sessionAnswer(parts, null), {
      "set-cookie": cookie,
      "clear-site-data": '"cache", "storage"',
    });
  }
  if (request.method !== "POST") throw new Refusal(405, "MethodNotAllowed", `${request.method} is not allowed here.`);
  const body = SignInBody.safeParse(await readJson(request));
  if (!body.success) {
    throw new Refusal(
      400,
      "InvalidParameter",
      parts.mode === "rehearsal" ? "Name one persona." : "Give the sign-in token.",
      {
        action: parts.mode === "rehearsal" ? `Use one of: ${consoleRoles.join(", ")}.` : undefined,
      },
    );
  }
  const user = "persona" in body.data ? persona(parts, body.data.persona) : await tokenHolder(parts, body.data.token);
  const cookie = await parts.sessions.start(request, user);
  return answerJson(200, sessionAnswer(parts, { ...user, signedInAt: parts.clock() }), { "set-cookie": cookie });
}

function sessionAnswer(parts: SessionParts, user: SessionAnswer["user"]): SessionAnswer {
  const { limits, uploadBytesMax } = parts.config;
  return { user, mode: parts.mode, personas: parts.mode === "rehearsal" ? personas : [], limits, uploadBytesMax };
}

/** Personas exist in rehearsal and nowhere else. */
function persona(parts: SessionParts, role: (typeof consoleRoles)[number]) {
  const found = personas.find((each) => each.id === role);
  if (parts.mode !== "rehearsal" || found === undefined) {
    throw new Refusal(403, "PersonasAreForRehearsal", "Personas exist only in the rehearsal tenancy.", {
      action: "Sign in with the token printed when the console started.",
    });
  }
  return { name: found.name, role: found.id };
}

async function tokenHolder(parts: SessionParts, token: string) {
  if (parts.mode !== "live" || !(await claimSignInToken(parts.db, token, parts.clock()))) {
    throw new Refusal(403, "TokenNotAccepted", "This sign-in token is not valid.", {
      why: "Each token works once, and a restart makes earlier ones useless.",
      action: "Use the newest token from the console's terminal or from the file sign-in-token in its data directory.",
    });
  }
  parts.options.announceToken(await mintSignInToken(parts.db, parts.clock()));
  return { name: "Administrator", role: "admin" as const };
}

async function isStoreReadable(db: Database): Promise<boolean> {
  const query = db.selectFrom("sessions").select("sid_hash").limit(1).execute();
  const late = new Promise<never>((_resolve, reject) => setTimeout(reject, storeAnswersMs).unref());
  return Promise.race([query, late]).then(
    () => true,
    () => false,
  );
}
