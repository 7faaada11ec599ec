/** The service as one function: a request in, an answer out, the world changed or not at all. */
// biome-ignore lint/style/noRestrictedImports: only to choose the language of refusals, below
import * as z from "zod/mini";
import { OciError, ociError } from "#lib/contract/errors.ts";
import { type Budget, type OperationName, operationRow } from "#lib/contract/operations.ts";
import { decode, matchOperation } from "#lib/contract/request.ts";
import type { Call, EmulatorRequest, Outcome, Place, Principal, Rule } from "./call.ts";
import { vaultPartOfHost } from "./endpoints.ts";
import { rules } from "./operations/rules.ts";
import { answerPreauthenticated } from "./preauthenticated.ts";
import { requireWriter } from "./readers.ts";
import { answerRequestId } from "./request-ids.ts";
import { readRetryToken, remember, replay, type TokenUse } from "./retry-tokens.ts";
import { Throttle } from "./throttle.ts";
import { verifySignature } from "./verify-signature.ts";
import type { World } from "./world.ts";

// Messages of refused fields in words; zod/mini brings none by itself.
z.config(z.locales.en());

export interface EmulatorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where there is no body, and for HEAD. */
  readonly body: Uint8Array;
  /** What the call log keeps besides. */
  readonly about: {
    readonly operation: OperationName | "preauthenticated" | null;
    readonly budget: Budget;
    readonly principal: Principal | undefined;
  };
}

const throttles = new WeakMap<World, Throttle>();

/** Answers one request. Refusals are answers; an error of our own is a 500 whose cause goes to stderr only. */
export function respond(world: World, request: EmulatorRequest, place: Place): EmulatorAnswer {
  const trace: Trace = { operation: null, budget: "none", principal: undefined };
  const now = world.now(place.wallNow);
  try {
    const outcome = isPreauthenticated(request)
      ? answerUnsigned(world, request, place, now, trace)
      : answerOperation(world, request, place, now, trace);
    world.commit(isChange(trace) ? now : undefined);
    return makeAnswer(request, trace, now, outcome.status ?? 200, outcome);
  } catch (error) {
    world.rollback();
    return refuse(request, trace, now, error);
  }
}

interface Trace {
  operation: EmulatorAnswer["about"]["operation"];
  budget: Budget;
  principal: Principal | undefined;
}

function isPreauthenticated(request: EmulatorRequest): boolean {
  return request.rawTarget.startsWith("/p/");
}

function isChange(trace: Trace): boolean {
  if (trace.operation === null) return false;
  return trace.operation === "preauthenticated" || operationRow(trace.operation).writes;
}

function answerUnsigned(world: World, request: EmulatorRequest, place: Place, now: number, trace: Trace): Outcome {
  trace.operation = "preauthenticated";
  return answerPreauthenticated(world, place.region, request, now);
}

function answerOperation(world: World, request: EmulatorRequest, place: Place, now: number, trace: Trace): Outcome {
  const mark = request.rawTarget.indexOf("?");
  const path = mark < 0 ? request.rawTarget : request.rawTarget.slice(0, mark);
  const { operation } = matchOperation(request.method, path);
  const row = operationRow(operation);
  trace.operation = operation;
  trace.principal = verifySignature(world, request, place.wallNow, operation === "putObject");
  trace.budget = row.budget;
  if (world.settings.isThrottled && row.budget !== "none") {
    throttleOf(world).spend(trace.principal.tenancyId, row.budget, place.wallNow);
  }
  requireWriter(trace.principal, operation);
  // E17: parameters and fields no row knows are ignored; wrong types are refused.
  const { params } = decode({
    method: request.method,
    target: request.rawTarget,
    header: (name) => request.headers[name],
    body: request.body,
  });
  const token = readToken(operation, params, trace.principal, request, place);
  const replayed = token === undefined ? undefined : replay(world, token, now);
  if (replayed !== undefined) return replayed;
  const call = {
    world,
    params,
    principal: trace.principal,
    region: place.region,
    now,
    endpoints: place.endpoints,
    request,
    vaultPart: vaultPartOfHost(request.headers.host ?? "", place.region),
  };
  const outcome = (rules[operation] as Rule<OperationName>)(call as unknown as Call<OperationName>);
  // E1: the table holds the status of success.
  const status = outcome.status ?? row.success;
  if (token !== undefined) remember(world, token, status, outcome, now);
  return { ...outcome, status };
}

/** listVaultReplicas takes a retry token and has no use for one. */
function readToken(
  operation: OperationName,
  params: Record<string, unknown>,
  principal: Principal,
  request: EmulatorRequest,
  place: Place,
): TokenUse | undefined {
  const token = params.opcRetryToken;
  if (typeof token !== "string" || !operationRow(operation).writes) return undefined;
  return readRetryToken(token, operation, principal, place.region, request);
}

function throttleOf(world: World): Throttle {
  const known = throttles.get(world);
  if (known !== undefined) return known;
  const made = new Throttle();
  throttles.set(world, made);
  return made;
}

function refuse(request: EmulatorRequest, trace: Trace, now: number, error: unknown): EmulatorAnswer {
  if (!(error instanceof OciError)) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  }
  const known = error instanceof OciError ? error : ociError("InternalServerError", "Internal server error.");
  const headers: Record<string, string> = {};
  if (known.retryAfterSeconds !== undefined) headers["retry-after"] = String(known.retryAfterSeconds);
  return makeAnswer(request, trace, now, known.status, {
    headers,
    json: { code: known.code, message: known.message },
  });
}

function makeAnswer(
  request: EmulatorRequest,
  trace: Trace,
  now: number,
  status: number,
  outcome: Outcome,
): EmulatorAnswer {
  const isJson = outcome.json !== undefined;
  const full = outcome.bytes ?? (isJson ? Buffer.from(JSON.stringify(outcome.json)) : new Uint8Array());
  const isHead = request.method === "HEAD";
  const clientId = request.headers["opc-client-request-id"];
  const headers: Record<string, string> = {
    // The service's own clock, which a test may have turned.
    date: new Date(now).toUTCString(),
    ...(isJson && !(isHead && status < 400) ? { "content-type": "application/json" } : {}),
    ...outcome.headers,
    "opc-request-id": answerRequestId(request.headers["opc-request-id"]),
  };
  if (clientId !== undefined && isEchoable(clientId)) headers["opc-client-request-id"] = clientId;
  if (status !== 204) headers["content-length"] = String(outcome.byteLength ?? full.length);
  return { status, headers, body: isHead ? new Uint8Array() : full, about: { ...trace } };
}

function isEchoable(value: string): boolean {
  return value.length <= 128 && /^[\x20-\x7e]+$/.test(value);
}
