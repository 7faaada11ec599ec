import { openCompartment } from "../access.ts";
import type { Rule } from "../call.ts";
import { md5Of, requireMd5 } from "../objects.ts";
import { restoreBackup } from "../restore-backup.ts";

/** The signature has been checked; then the MD5 (E7), then the file itself. `if-match` has no use here and is ignored (E18). */
export const restoreVaultFromFile: Rule<"restoreVaultFromFile"> = (call) => {
  const { request, params } = call;
  openCompartment(call.world, call.principal, params.compartmentId);
  const md5 = request.digests?.md5 ?? md5Of(request.body);
  requireMd5(params.contentMd5, md5, ".");
  const outcome = restoreBackup(call, params.compartmentId, request.body);
  return { ...outcome, headers: { ...outcome.headers, "opc-content-md5": md5 } };
};
