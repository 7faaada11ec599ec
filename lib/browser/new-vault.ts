/** Making a vault: sent once under one retry token, repeated only under the same, then followed until it is settled. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { ApprovalAsked } from "#lib/contract/api.ts";
import type { Vault } from "#lib/contract/models.ts";
import { type Answer, ApiError, serverNow } from "./api.ts";
import { readAsked } from "./approvals.ts";
import { askService, freshly, getVaultQuery } from "./vault.ts";
import { newToken } from "./vault-action.ts";

const followMs = 60_000;
const attemptsMax = 10;

export type NewVaultPhase =
  | { readonly kind: "idle" }
  | { readonly kind: "sending" }
  /** Asked to wait (429, 503): sent again by itself at `untilMs`, under the same token. */
  | { readonly kind: "waiting"; readonly untilMs: number; readonly error: ApiError }
  /** The service made it; it is read until it is settled. */
  | { readonly kind: "following"; readonly answer: Answer<Vault>; readonly reading: Answer<Vault> | null }
  | { readonly kind: "done"; readonly answer: Answer<Vault>; readonly reading: Answer<Vault> }
  /** Accepted, but not settled in a minute or not readable. */
  | { readonly kind: "unconfirmed"; readonly answer: Answer<Vault>; readonly reading: Answer<Vault> | null }
  /** Nothing was sent: it waits for a second person. */
  | { readonly kind: "asked"; readonly asked: ApprovalAsked }
  | { readonly kind: "refused"; readonly error: ApiError };

export interface NewVaultOrder {
  readonly tenancy: string;
  readonly region: string;
  /** Sends the order under the token it is given. */
  readonly send: (token: string) => Promise<Answer<Vault>>;
  /** Whether a reading shows the vault ready. */
  readonly isSettled: (vault: Vault) => boolean;
}

/** `start` an order, `resend` the same under the same token, `reset` to begin anew. */
export function useNewVault() {
  const client = useQueryClient();
  const [phase, setPhase] = useState<NewVaultPhase>({ kind: "idle" });
  const run = useRef({ id: 0, token: "", order: null as NewVaultOrder | null });
  useEffect(() => {
    const current = run.current;
    return () => {
      current.id += 1;
    };
  }, []);

  const go = async (order: NewVaultOrder, token: string): Promise<void> => {
    run.current.id += 1;
    const { id } = run.current;
    Object.assign(run.current, { token, order });
    const show = (next: NewVaultPhase) => {
      if (run.current.id === id) setPhase(next);
    };
    for (let attempt = 1; run.current.id === id; attempt += 1) {
      show({ kind: "sending" });
      try {
        const answer = await order.send(token);
        const asked = readAsked(answer);
        if (asked !== null) return show({ kind: "asked", asked });
        void client.invalidateQueries({ queryKey: ["inventory"] });
        return await follow(order, answer, show);
      } catch (thrown) {
        const error =
          thrown instanceof ApiError
            ? thrown
            : new ApiError(0, {
                code: "ConsoleError",
                message: "The page could not handle the answer.",
                why: String(thrown),
              });
        const isBusy = error.status === 429 || error.status === 503;
        if (!isBusy || attempt >= attemptsMax) return show({ kind: "refused", error });
        const waitMs = (error.retryAfterSeconds ?? Math.min(2 ** attempt, 30)) * 1000;
        show({ kind: "waiting", untilMs: serverNow() + waitMs, error });
        await pause(waitMs);
      }
    }
  };

  const follow = async (
    order: NewVaultOrder,
    answer: Answer<Vault>,
    show: (next: NewVaultPhase) => void,
  ): Promise<void> => {
    let reading: Answer<Vault> | null = null;
    show({ kind: "following", answer, reading });
    const until = serverNow() + followMs;
    const place = { tenancy: order.tenancy, region: order.region, vaultId: answer.body.id };
    for (let pauseMs = 500; serverNow() < until; pauseMs = Math.min(pauseMs * 1.5, 3000)) {
      await pause(pauseMs);
      try {
        reading = await askService<"getVault", Vault>("getVault", { vaultId: answer.body.id }, place, {
          headers: freshly,
        });
        client.setQueryData(getVaultQuery(place).queryKey, reading);
      } catch {
        continue;
      }
      if (order.isSettled(reading.body)) {
        void client.invalidateQueries({ queryKey: ["inventory"] });
        return show({ kind: "done", answer, reading });
      }
      show({ kind: "following", answer, reading });
    }
    show({ kind: "unconfirmed", answer, reading });
  };

  return {
    phase,
    start: (order: NewVaultOrder) => void go(order, newToken()),
    resend: () => {
      const { order, token } = run.current;
      if (order !== null) void go(order, token);
    },
    reset: () => {
      run.current.id += 1;
      setPhase({ kind: "idle" });
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
