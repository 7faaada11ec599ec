/**
 * Changing a vault: sent once as a person's decision, repeated only under the same retry token, and read back until the
 * service shows the new state. "Submitted" and "confirmed" are two things.
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { ApprovalAsked } from "#lib/contract/api.ts";
import type { Vault } from "#lib/contract/models.ts";
import { operationRow } from "#lib/contract/operations.ts";
import type { Params } from "#lib/contract/request.ts";
import { type Answer, ApiError, serverNow } from "./api.ts";
import { askHeader, readAsked, useFourEyes } from "./approvals.ts";
import { askService, freshly, getVaultQuery, type VaultPlaceId, whyHeaders } from "./vault.ts";

/**
 * Operations on an existing vault that may be asked again: under their retry token, or (updateVault, which takes none) only
 * with the if-match of the version that was looked at, which a change already made has replaced.
 */
export type RepeatableAction =
  | "updateVault"
  | "scheduleVaultDeletion"
  | "cancelVaultDeletion"
  | "changeVaultCompartment"
  | "backupVault"
  | "createVaultReplica"
  | "deleteVaultReplica";

/** One decision of a person: what, on which version of the vault, and why. */
export interface VaultIntent<Name extends RepeatableAction = RepeatableAction> {
  readonly operation: Name;
  readonly place: VaultPlaceId;
  /** The etag of the version the person looked at; null sends no if-match. */
  readonly etag: string | null;
  readonly body?: Params<Name> extends { body?: infer Body } ? Body : never;
  /** Goes into the receipt. */
  readonly reason?: string;
  /** Goes into the receipt beside it. */
  readonly ticket?: string;
  /** Asked for, and made when a second person agrees. */
  readonly isAsked?: boolean;
  /** Whether a reading shows the change at all, settled or not. */
  readonly isApplied: (vault: Vault) => boolean;
  /** Whether a reading shows the change finished. */
  readonly isSettled: (vault: Vault) => boolean;
  /** What the vault itself does not show (a replica being made): asked once the vault is settled, until it is so. */
  readonly isFinished?: () => Promise<boolean>;
}

/** A decision whose operation is known only when the program runs. */
export type AnyIntent = { [Name in RepeatableAction]: VaultIntent<Name> }[RepeatableAction];

export type ActionPhase =
  | { readonly kind: "idle" }
  /** `sinceMs`: when it was sent, by this browser's clock. */
  | { readonly kind: "sending"; readonly attempt: number; readonly sinceMs: number }
  /** Asked to wait (429, 503): sent again by itself at `untilMs` (this browser's clock), with the same token. */
  | { readonly kind: "waiting"; readonly untilMs: number; readonly attempt: number; readonly error: ApiError }
  /** No good answer came: the vault is read to see what happened. */
  | { readonly kind: "checking"; readonly error: ApiError }
  /** Accepted and being read back; `sinceMs`: since when, by this browser's clock. */
  | {
      readonly kind: "submitted";
      readonly answer: Answer<Vault | null>;
      readonly reading: Answer<Vault> | null;
      readonly sinceMs: number;
    }
  | {
      readonly kind: "confirmed";
      readonly reading: Answer<Vault>;
      readonly answer: Answer<Vault | null> | null;
      /** The answer was lost; the reading shows that the change was made. */
      readonly wasLost: boolean;
    }
  /** Accepted, but not settled in time or not readable: the page goes on from what is known. */
  | {
      readonly kind: "unconfirmed";
      readonly answer: Answer<Vault | null> | null;
      readonly reading: Answer<Vault> | null;
      readonly error: ApiError | null;
    }
  /** 412: somebody changed the vault meanwhile; `current` is what it is now. */
  | { readonly kind: "changed"; readonly current: Answer<Vault>; readonly error: ApiError }
  /** No good answer came and the vault does not show the change: sending again is safe. */
  | { readonly kind: "lost"; readonly error: ApiError; readonly reading: Answer<Vault> | null }
  /** Nothing was sent: it waits for a second person. */
  | { readonly kind: "asked"; readonly asked: ApprovalAsked }
  | { readonly kind: "refused"; readonly error: ApiError };

/** How long a vault at rest may take to show a change. */
const readBackMs = 20_000;
/** How long a page follows one that is at work: a backup or a replica takes its time. */
const followMs = 30 * 60_000;
const attemptsMax = 10;

/** What a run needs of the world; handed in so that tests need no browser. */
export interface ActionParts {
  readonly send: (intent: VaultIntent, token: string) => Promise<Answer<Vault | null>>;
  readonly read: (place: VaultPlaceId) => Promise<Answer<Vault>>;
  readonly pause: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly show: (phase: ActionPhase) => void;
  /** True when nobody is looking any more: nothing more is read or sent. */
  readonly isStopped: () => boolean;
  /** How long a vault at work is followed, milliseconds; half an hour unless told. */
  readonly followMs?: number;
}

/** Runs one decision to its end: send, wait and resend, read back. Never throws; every end is a phase. */
export async function runVaultAction(intent: VaultIntent, token: string, parts: ActionParts): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    parts.show({ kind: "sending", attempt, sinceMs: parts.now() });
    try {
      const answer = await parts.send(intent, token);
      const asked = intent.isAsked === true ? readAsked(answer) : null;
      if (asked !== null) return parts.show({ kind: "asked", asked });
      return await readBack(intent, answer, parts);
    } catch (thrown) {
      const error = toApiError(thrown);
      if (error.status === 412) return showChange(intent, error, parts);
      const isBusy = (error.status === 429 || error.status === 503) && attempt < attemptsMax;
      if (error.outcome === "unknown") {
        const found = await checkOutcome(intent, error, parts);
        if (found === null) return;
        // The service is down and the vault is as before: the request goes again, and can take effect only once.
        if (found.kind !== "lost" || !isBusy) return parts.show(found);
      } else if (!isBusy) return parts.show({ kind: "refused", error });
      const waitMs = (error.retryAfterSeconds ?? Math.min(2 ** attempt, 30)) * 1000;
      parts.show({ kind: "waiting", untilMs: parts.now() + waitMs, attempt, error });
      await parts.pause(waitMs);
      if (parts.isStopped()) return;
    }
  }
}

/** Reads the vault until the change shows as finished: for 20 s, and for as long as the service is visibly at work on it. */
async function readBack(intent: VaultIntent, answer: Answer<Vault | null>, parts: ActionParts): Promise<void> {
  const sinceMs = parts.now();
  const patienceMs = Math.max(parts.followMs ?? followMs, readBackMs);
  let reading: Answer<Vault> | null = null;
  let error: ApiError | null = null;
  let isAtWork = false;
  parts.show({ kind: "submitted", answer, reading, sinceMs });
  for (let pauseMs = 400; parts.now() < sinceMs + (isAtWork ? patienceMs : readBackMs); ) {
    await parts.pause(pauseMs);
    if (parts.isStopped()) return;
    pauseMs = Math.min(pauseMs * 1.5, parts.now() < sinceMs + readBackMs ? 2500 : 10_000);
    try {
      reading = await parts.read(intent.place);
      error = null;
      const isSettled = intent.isSettled(reading.body);
      if (isSettled && (await (intent.isFinished?.() ?? true)))
        return parts.show({ kind: "confirmed", reading, answer, wasLost: false });
      isAtWork = isSettled || intent.isApplied(reading.body);
    } catch (thrown) {
      error = toApiError(thrown);
      if (error.status === 401 || error.status === 404) break;
      continue;
    }
    parts.show({ kind: "submitted", answer, reading, sinceMs });
  }
  parts.show({ kind: "unconfirmed", answer, reading, error });
}

type Checked = Extract<ActionPhase, { kind: "confirmed" | "unconfirmed" | "lost" }>;

/** The answer was lost. What the vault says decides; while it cannot be read, nothing is claimed. Null when nobody looks any more. */
async function checkOutcome(intent: VaultIntent, error: ApiError, parts: ActionParts): Promise<Checked | null> {
  parts.show({ kind: "checking", error });
  const until = parts.now() + readBackMs;
  let reading: Answer<Vault> | null = null;
  // A vault at rest after a backup looks as it did before: only what was seen of the change counts.
  let isSeen = false;
  for (let pauseMs = 700; parts.now() < until; pauseMs = Math.min(pauseMs * 1.5, 3000)) {
    await parts.pause(pauseMs);
    if (parts.isStopped()) return null;
    try {
      reading = await parts.read(intent.place);
    } catch (thrown) {
      if (toApiError(thrown).status === 401) break;
      continue;
    }
    isSeen ||= intent.isApplied(reading.body);
    if (isSeen && intent.isSettled(reading.body)) return { kind: "confirmed", reading, answer: null, wasLost: true };
    // A request that is still on its way could arrive after one look: look again before saying that nothing happened.
    if (!isSeen && pauseMs > 2000) break;
  }
  if (reading !== null && isSeen) return { kind: "unconfirmed", answer: null, reading, error: null };
  return { kind: "lost", error, reading };
}

async function showChange(intent: VaultIntent, error: ApiError, parts: ActionParts): Promise<void> {
  try {
    parts.show({ kind: "changed", current: await parts.read(intent.place), error });
  } catch {
    parts.show({ kind: "refused", error });
  }
}

function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError(0, {
    code: "ConsoleError",
    message: "The page could not handle the answer.",
    why: String(thrown),
  });
}

/** The decision on the wire. The retry token makes repeating it safe: the service answers the first outcome again. */
export function sendIntent(intent: VaultIntent, token: string): Promise<Answer<Vault | null>> {
  const { operation, place, etag, body, reason, ticket, isAsked } = intent;
  return askService<RepeatableAction, Vault | null>(
    operation,
    {
      vaultId: place.vaultId,
      ...(operation === "updateVault" ? {} : { opcRetryToken: token }),
      ...(etag === null ? {} : { ifMatch: etag }),
      ...(body === undefined ? {} : { body }),
    } as Params<RepeatableAction>,
    place,
    { headers: { ...whyHeaders({ reason, ticket }), ...(isAsked === true ? askHeader : {}) } },
  );
}

export async function readVault(client: QueryClient, place: VaultPlaceId): Promise<Answer<Vault>> {
  const reading = await askService<"getVault", Vault>("getVault", { vaultId: place.vaultId }, place, {
    headers: freshly,
  });
  client.setQueryData(getVaultQuery(place).queryKey, reading);
  return reading;
}

/** randomUUID exists only on secure origins; a console on a plain-http address of the local network has none. */
export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const changedByActions = ["inventory", "getVaultUsage", "listKeys", "listVaultReplicas", "getKey", "listObjects"];

/**
 * One action of one page: `start` a decision, `resend` the same decision under the same token, `stop` waiting, `reset`
 * to begin anew. The state survives an expired session: it lives in the page that is still there.
 */
export function useVaultAction() {
  const client = useQueryClient();
  const fourEyes = useFourEyes();
  const [phase, setPhase] = useState<ActionPhase>({ kind: "idle" });
  const run = useRef({ id: 0, token: "", intent: null as VaultIntent | null });

  useEffect(() => {
    const current = run.current;
    return () => {
      current.id += 1;
    };
  }, []);

  const go = (intent: VaultIntent, token: string): void => {
    run.current.id += 1;
    const { id } = run.current;
    run.current.intent = intent;
    run.current.token = token;
    const isStopped = () => run.current.id !== id;
    void runVaultAction(intent, token, {
      send: sendIntent,
      read: (place) => readVault(client, place),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      now: serverNow,
      isStopped,
      show: (next) => {
        if (["submitted", "confirmed", "unconfirmed", "changed", "lost"].includes(next.kind)) {
          for (const key of changedByActions) void client.invalidateQueries({ queryKey: [key] });
        }
        if (!isStopped()) setPhase(next);
      },
    });
  };

  return {
    phase,
    /** Where four eyes are asked for, the decision is kept for a second person instead of sent. */
    start: <Name extends RepeatableAction>(intent: VaultIntent<Name>) => {
      const isAsked = fourEyes?.isOn === true && operationRow(intent.operation).fourEyes === true;
      go({ ...(intent as VaultIntent), isAsked }, newToken());
    },
    resend: () => {
      const { intent, token } = run.current;
      if (intent !== null) go(intent, token);
    },
    stop: () => {
      run.current.id += 1;
      setPhase((now) => (now.kind === "waiting" ? { kind: "refused", error: now.error } : now));
    },
    reset: () => {
      run.current.id += 1;
      setPhase({ kind: "idle" });
    },
  };
}
