/** Forgets, at a start, what no answer can show any more. */

import { stateAt } from "./timeline.ts";
import type { World } from "./world.ts";

/** Removes vaults past their retention with their keys, and retry tokens and session tokens that ran out. Times in epoch ms. */
export function sweep(world: World, now: number, wallNow: number): void {
  for (const vault of [...world.all("vault")]) {
    if (stateAt(vault.timeline, now) !== "GONE") continue;
    for (const key of [...world.group("key", `keys:${vault.id}`)]) world.remove("key", key.id);
    world.remove("vault", vault.id);
  }
  for (const retry of [...world.all("retry")]) if (retry.expiresAt <= now) world.remove("retry", retry.id);
  for (const key of [...world.all("signingKey")]) {
    if (key.expiresAt !== null && key.expiresAt <= wallNow) world.remove("signingKey", key.id);
  }
}
