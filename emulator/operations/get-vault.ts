import { findVault } from "../access.ts";
import { vaultBody, vaultEtag } from "../answers.ts";
import type { Rule } from "../call.ts";

/** Any state, deleted ones included while they are kept. */
export const getVault: Rule<"getVault"> = (call) => {
  const place = findVault(call, call.params.vaultId);
  return { headers: { etag: vaultEtag(place, call.now) }, json: vaultBody(place, call.now, call.endpoints) };
};
