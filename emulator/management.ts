/** A vault's management endpoint is known by its host; on any other host its operations find nothing. */
import type { World } from "./world.ts";
import { endpointKey } from "./world.ts";

/** The OCID of the vault whose management endpoint was asked; undefined for any other host. */
export function vaultOfHost({
  world,
  vaultPart,
}: {
  readonly world: World;
  readonly vaultPart: string | undefined;
}): string | undefined {
  if (vaultPart === undefined) return undefined;
  for (const vault of world.group("vault", endpointKey(vaultPart))) return vault.id;
  return undefined;
}
