/** Retry tokens: the same caller, operation, token and request within 24 hours get the stored answer again (contract, section 1.1). */
import { createHash } from "node:crypto";
import { ociError } from "#lib/contract/errors.ts";
import type { OperationName } from "#lib/contract/operations.ts";
import type { EmulatorRequest, Outcome, Principal } from "./call.ts";
import { dayMs } from "./lifecycle.ts";
import { stateAt } from "./timeline.ts";
import type { World } from "./world.ts";

export interface TokenUse {
  readonly id: string;
  readonly requestHash: string;
}

/** What a token is bound to. Throws InvalidParameter for a token that is not 1 to 64 characters. */
export function readRetryToken(
  token: string,
  operation: OperationName,
  principal: Principal,
  region: string,
  request: EmulatorRequest,
): TokenUse {
  if (token.length < 1 || token.length > 64) {
    throw ociError("InvalidParameter", "opc-retry-token: must have 1 to 64 characters.");
  }
  const body = request.digests?.sha256 ?? createHash("sha256").update(request.body).digest("base64");
  const requestHash = createHash("sha256").update(`${region}\n${request.rawTarget}\n${body}`).digest("hex");
  return { id: [principal.tenancyId, principal.userId, operation, token].join("\n"), requestHash };
}

/** The stored answer, or undefined for a new token. Throws for a token used with another request or whose vault is gone. */
export function replay(world: World, use: TokenUse, now: number): Outcome | undefined {
  const stored = world.get("retry", use.id);
  if (stored === undefined || stored.expiresAt <= now) return undefined;
  if (stored.requestHash !== use.requestHash) {
    throw ociError("InvalidParameter", "opc-retry-token: was already used with another request.");
  }
  const vault = world.get("vault", stored.vaultId);
  const state = vault === undefined ? "GONE" : stateAt(vault.timeline, now);
  if (state === "DELETED" || state === "GONE") {
    throw ociError("InvalidatedRetryToken", "The resource the retry token stands for no longer exists.");
  }
  return { status: stored.status, headers: stored.headers, json: stored.body };
}

/** Keeps the answer of a change for 24 hours. */
export function remember(world: World, use: TokenUse, status: number, outcome: Outcome, now: number): void {
  world.put("retry", {
    id: use.id,
    requestHash: use.requestHash,
    status,
    headers: outcome.headers ?? {},
    body: outcome.json,
    vaultId: outcome.vaultId ?? "",
    expiresAt: now + dayMs,
  });
}
