import { findVault, notFound } from "../access.ts";
import { keyBody, sha1 } from "../answers.ts";
import type { Rule } from "../call.ts";
import { keyAt } from "../lifecycle.ts";
import { vaultOfHost } from "../management.ts";

/** A key of the vault the host names. */
export const getKey: Rule<"getKey"> = (call) => {
  const vaultId = vaultOfHost(call);
  if (vaultId === undefined) throw notFound();
  const { vault } = findVault(call, vaultId);
  const key = call.world.get("key", call.params.keyId);
  const at = key?.vaultId === vault.id ? keyAt(key, vault, call.now) : undefined;
  if (key === undefined || at === undefined) throw notFound();
  return { headers: { etag: sha1(`${key.id}|${at.state}|${at.timeOfDeletion}`) }, json: keyBody(key, at) };
};
