/** The end of every change to a vault: stored, seen again as its region shows it, answered. */
import { vaultBody, vaultEtag } from "./answers.ts";
import type { Outcome } from "./call.ts";
import type { Endpoints } from "./endpoints.ts";
import { placeAt, type VaultPlace } from "./lifecycle.ts";
import type { VaultRecord } from "./records.ts";
import type { World } from "./world.ts";

interface ChangeCall {
  readonly world: World;
  readonly region: string;
  readonly now: number;
  readonly endpoints: Endpoints;
}

/** Stores the vault and gives back how its region shows it from now on. */
export function changeVault({ world, region, now }: ChangeCall, vault: VaultRecord): VaultPlace {
  world.put("vault", vault);
  const place = placeAt(vault, region, now);
  if (place === undefined) throw new Error(`vault ${vault.id} was stored but is not in ${region}`);
  return place;
}

/** Stores the vault and answers it with its etag. */
export function answerVault(call: ChangeCall, vault: VaultRecord): Outcome {
  const place = changeVault(call, vault);
  return {
    headers: { etag: vaultEtag(place, call.now) },
    json: vaultBody(place, call.now, call.endpoints),
    vaultId: vault.id,
  };
}
