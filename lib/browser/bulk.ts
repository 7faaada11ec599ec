/**
 * The same change to many vaults: each read first, sent with its own if-match and retry token, and followed until it shows. A few
 * at a time; the console's server keeps to the write budget, so being asked to wait is part of the way and not a failure.
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { Vault } from "#lib/contract/models.ts";
import { operationRow } from "#lib/contract/operations.ts";
import { type Answer, ApiError, serverNow } from "./api.ts";
import { useFourEyes } from "./approvals.ts";
import type { VaultPlaceId } from "./vault.ts";
import {
  type ActionPhase,
  type AnyIntent,
  newToken,
  readVault,
  runVaultAction,
  sendIntent,
  type VaultIntent,
} from "./vault-action.ts";

const atOnce = 3;

/** One vault of a bulk change. */
export interface BulkItem {
  readonly key: string;
  readonly place: VaultPlaceId;
}

export type BulkState =
  | { readonly kind: "queued" }
  | { readonly kind: "running"; readonly isWaiting: boolean }
  | { readonly kind: "done" }
  /** A second person has to agree. */
  | { readonly kind: "asked"; readonly approval: string }
  /** Accepted, but the reading does not show it finished yet. */
  | { readonly kind: "accepted" }
  | { readonly kind: "failed"; readonly message: string; readonly requestId: string | null }
  /** Not sent: the person stopped before its turn. */
  | { readonly kind: "stopped" };

/** Makes the decision on the vault as it is now, or says in words why it cannot be made. */
export type Decide = (looked: Answer<Vault>, place: VaultPlaceId) => AnyIntent | string;

/** What scheduling many deletions asks beside the reason; made by the room that knows deletions. */
export interface BulkDeletion {
  readonly fields: ReactNode;
  /** Why nothing can be sent yet; null when it can. */
  readonly problem: string | null;
  /** By vault OCID: why the service would refuse the date, where that is known. */
  readonly refused: ReadonlyMap<string, string>;
  /** The date of a request that is sent now, both in epoch milliseconds; null when there is none. */
  readonly timeAt: (nowMs: number) => number | null;
}

export interface BulkProgress {
  readonly states: ReadonlyMap<string, BulkState>;
  readonly total: number;
  /** Items that have ended, one way or another. */
  readonly ended: number;
  readonly failed: readonly string[];
  readonly isRunning: boolean;
  /** Milliseconds, from the pace so far; null while it is not known. */
  readonly leftMs: number | null;
}

const none: ReadonlyMap<string, BulkState> = new Map();

/** `start` a change to many, `retry` those that failed, `stop` after the ones under way. */
export function useBulk() {
  const client = useQueryClient();
  const fourEyes = useFourEyes();
  const [states, setStates] = useState(none);
  const [leftMs, setLeftMs] = useState<number | null>(null);
  const [isRunning, setIsRunning] = useState(false);
  const run = useRef({ isStopped: false, decide: null as Decide | null, items: [] as readonly BulkItem[] });

  useEffect(() => {
    const current = run.current;
    return () => {
      current.isStopped = true;
    };
  }, []);
  useEffect(() => {
    if (!isRunning) return;
    // The browser's own question: what has been sent goes on at the service, what has not is not sent.
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isRunning]);

  const go = async (items: readonly BulkItem[], decide: Decide): Promise<void> => {
    const control = { isStopped: false, decide, items };
    run.current = control;
    const set = (key: string, state: BulkState) => setStates((now) => new Map(now).set(key, state));
    for (const { key } of items) set(key, { kind: "queued" });
    setIsRunning(true);
    setLeftMs(null);
    const queue = [...items];
    const startedAt = performance.now();
    let ended = 0;
    const work = async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        if (control.isStopped) set(item.key, { kind: "stopped" });
        else await changeOne(client, item, decide, (state) => set(item.key, state), fourEyes?.isOn === true);
        ended += 1;
        setLeftMs(((performance.now() - startedAt) / ended) * (items.length - ended));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    setIsRunning(false);
    for (const key of ["inventory", "listVaultReplicas", "approvals"])
      void client.invalidateQueries({ queryKey: [key] });
  };

  const progress = useMemo((): BulkProgress => {
    const all = [...states.entries()];
    const isOpen = ({ kind }: BulkState) => kind === "queued" || kind === "running";
    return {
      states,
      total: states.size,
      ended: all.filter(([, state]) => !isOpen(state)).length,
      failed: all.filter(([, { kind }]) => kind === "failed" || kind === "stopped").map(([key]) => key),
      isRunning,
      leftMs,
    };
  }, [states, isRunning, leftMs]);

  return {
    progress,
    start: (items: readonly BulkItem[], decide: Decide) => {
      setStates(none);
      void go(items, decide);
    },
    retry: () => {
      const { items, decide } = run.current;
      const failed = new Set(progress.failed);
      if (decide !== null)
        void go(
          items.filter(({ key }) => failed.has(key)),
          decide,
        );
    },
    stop: () => {
      run.current.isStopped = true;
    },
    reset: () => setStates(none),
  };
}

/** One vault to its end; never throws. */
async function changeOne(
  client: QueryClient,
  { place }: BulkItem,
  decide: Decide,
  set: (state: BulkState) => void,
  isFourEyes: boolean,
): Promise<void> {
  set({ kind: "running", isWaiting: false });
  let intent: AnyIntent | string;
  try {
    intent = decide(await readVault(client, place), place);
  } catch (error) {
    return set(failure(error));
  }
  if (typeof intent === "string") return set({ kind: "failed", message: intent, requestId: null });
  const isAsked = isFourEyes && operationRow(intent.operation).fourEyes === true;
  let last: ActionPhase = { kind: "idle" };
  await runVaultAction({ ...intent, isAsked } as VaultIntent, newToken(), {
    send: sendIntent,
    read: (at) => readVault(client, at),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    now: serverNow,
    isStopped: () => false,
    // One that takes its time does not hold the others up: it counts as accepted.
    followMs: 0,
    show: (phase) => {
      last = phase;
      if (phase.kind === "waiting" || phase.kind === "sending")
        set({ kind: "running", isWaiting: phase.kind === "waiting" });
    },
  });
  set(endOf(last));
}

function endOf(phase: ActionPhase): BulkState {
  switch (phase.kind) {
    case "confirmed":
      return { kind: "done" };
    case "asked":
      return { kind: "asked", approval: phase.asked.approval };
    case "unconfirmed":
      return phase.error === null ? { kind: "accepted" } : failure(phase.error);
    case "changed":
      return {
        kind: "failed",
        message: "Somebody changed it at the same moment; nothing was done.",
        requestId: phase.error.requestId ?? null,
      };
    case "lost":
    case "refused":
      return failure(phase.error);
    default:
      return { kind: "failed", message: "It did not end.", requestId: null };
  }
}

function failure(error: unknown): BulkState {
  const known = error instanceof ApiError ? error : null;
  return {
    kind: "failed",
    message:
      known === null
        ? "The page could not handle the answer."
        : [known.message, known.action].filter(Boolean).join(" "),
    requestId: known?.requestId ?? null,
  };
}
