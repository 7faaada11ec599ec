/** What the server leaves out for the help desk, shown for one vault once a reason is given. Kept in memory only. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RevealAnswer, RevealBody } from "#lib/contract/api.ts";
import { ask } from "./api.ts";

const keyOf = ({ tenancy, region, vaultId }: RevealBody) => ["revealed", { tenancy, region, vaultId }] as const;

/** What was revealed of this vault; null until somebody gave a reason. */
export function useRevealed(place: RevealBody): RevealAnswer | null {
  return (
    useQuery<RevealAnswer | null>({ queryKey: keyOf(place), queryFn: () => null, enabled: false, gcTime: 0 }).data ??
    null
  );
}

/** Asks for it; the server records who and why before it answers. */
export function useReveal(place: RevealBody) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (reason: string) => {
      const { tenancy, region, vaultId } = place;
      const headers = { "content-type": "application/json", "x-ovc-reason": encodeURIComponent(reason) };
      const body = JSON.stringify({ tenancy, region, vaultId } satisfies RevealBody);
      return (await ask<RevealAnswer>("/api/reveal", { method: "POST", headers, body })).body;
    },
    onSuccess: (answer) => {
      client.setQueryData(keyOf(place), answer);
      void client.invalidateQueries({ queryKey: ["activity"] });
    },
  });
}
