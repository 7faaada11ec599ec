import { ociError } from "#lib/contract/errors.ts";
import { findVaultToChange, requireState } from "../access.ts";
import type { Rule } from "../call.ts";
import { answerVault } from "../vault-change.ts";

/** Name and tags, at once, the state unchanged; a tag map replaces the whole map. E20: no body changes nothing. */
export const updateVault: Rule<"updateVault"> = (call) => {
  const place = findVaultToChange(call);
  requireState(place, "ACTIVE", "CREATING");
  const { displayName, freeformTags, definedTags } = call.params.body ?? {};
  const { vault } = place;
  // 5 KB over all tags is the documented ceiling; the counts are the model's.
  if (JSON.stringify([freeformTags ?? vault.freeformTags, definedTags ?? vault.definedTags]).length > 5 * 1024 + 64) {
    throw ociError("InvalidParameter", "The tags together are larger than 5 KB.");
  }
  return answerVault(call, {
    ...vault,
    displayName: displayName ?? vault.displayName,
    freeformTags: freeformTags ?? vault.freeformTags,
    definedTags: definedTags ?? vault.definedTags,
    revision: vault.revision + 1,
  });
};
