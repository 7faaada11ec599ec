/** A second user of each tenancy whom a policy lets read and nothing else: the only policy of IAM there is here. */
import { operationRow } from "#lib/contract/operations.ts";
import { notFound } from "./access.ts";
import type { Principal } from "./call.ts";
import type { Profile } from "./oci-config.ts";

const end = "reader";

/** The profile of the reader beside a tenancy's own: `NAME_READER`. */
export function readerOf(profile: Profile): Profile {
  return { ...profile, name: `${profile.name}_READER`, userId: profile.userId.slice(0, -end.length) + end };
}

/** Throws NotAuthorizedOrNotFound for a change by a reader. */
export function requireWriter(principal: Principal, operation: Parameters<typeof operationRow>[0]): void {
  if (operationRow(operation).writes && principal.userId.endsWith(end)) throw notFound();
}
