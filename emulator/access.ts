/** Finding things as a caller may see them: what belongs to another tenancy is not there. */
import { ociError } from "#lib/contract/errors.ts";
import { vaultEtag } from "./answers.ts";
import type { Principal } from "./call.ts";
import { placeAt, type VaultPlace } from "./lifecycle.ts";
import type { CompartmentRecord, TenancyRecord } from "./records.ts";
import type { World } from "./world.ts";

const notFoundText = "Authorization failed or requested resource not found.";

/** The refusal for everything missing or not visible: the two look the same on purpose. */
export function notFound(): Error {
  return ociError("NotAuthorizedOrNotFound", notFoundText);
}

/** A compartment of the caller's tenancy. Throws NotAuthorizedOrNotFound. */
export function findCompartment(world: World, principal: Principal, id: string): CompartmentRecord {
  const compartment = world.get("compartment", id);
  if (compartment === undefined || compartment.tenancyId !== principal.tenancyId) throw notFound();
  return compartment;
}

/** A compartment whose content the caller may see. Throws NotAuthorizedOrNotFound. */
export function openCompartment(world: World, principal: Principal, id: string): CompartmentRecord {
  const compartment = findCompartment(world, principal, id);
  if (!compartment.isAccessible || compartment.lifecycleState !== "ACTIVE") throw notFound();
  return compartment;
}

/** The caller's own tenancy. Throws NotAuthorizedOrNotFound for any other. */
export function findTenancy(world: World, principal: Principal, id: string): TenancyRecord {
  const tenancy = id === principal.tenancyId ? world.get("tenancy", id) : undefined;
  if (tenancy === undefined) throw notFound();
  return tenancy;
}

interface VaultCall {
  readonly world: World;
  readonly principal: Principal;
  readonly region: string;
  readonly now: number;
}

/** The vault, or its replica, in the region asked. Throws NotAuthorizedOrNotFound. */
export function findVault(call: VaultCall, vaultId: string): VaultPlace {
  const vault = call.world.get("vault", vaultId);
  if (vault === undefined || vault.tenancyId !== call.principal.tenancyId) throw notFound();
  if (call.world.get("compartment", vault.compartmentId)?.isAccessible === false) throw notFound();
  const place = placeAt(vault, call.region, call.now);
  if (place === undefined) throw notFound();
  return place;
}

/**
 * The vault, about to be changed: not a replica (E6: 409 Conflict) and still what `if-match` says (E18: 412 NoEtagMatch).
 */
export function findVaultToChange(call: VaultCall & { params: { vaultId: string; ifMatch?: string } }): VaultPlace {
  const place = findVault(call, call.params.vaultId);
  if (!place.isPrimary) {
    // E6: a management call on a replica.
    throw ociError("Conflict", `The vault is a replica. Manage it in its source region ${place.vault.region}.`);
  }
  const ifMatch = call.params.ifMatch;
  if (ifMatch !== undefined && !matchesEtag(ifMatch, vaultEtag(place, call.now))) {
    throw ociError("NoEtagMatch", "The resource has changed: its etag does not match the if-match header.");
  }
  return place;
}

/** E18: exact comparison; what a compressing proxy appended to the etag is taken off; `*` matches anything that exists. */
export function matchesEtag(ifMatch: string, etag: string): boolean {
  return ifMatch === "*" || ifMatch.replace(/--gzip$/, "") === etag;
}

/** Refuses unless the vault is in one of `states`. E5: IncorrectState, for the state will change and clients retry it. */
export function requireState(place: VaultPlace, ...states: readonly string[]): void {
  if (states.includes(place.lifecycleState)) return;
  const needed = states.join(" or ");
  throw ociError("IncorrectState", `The vault is ${place.lifecycleState}; the operation needs ${needed}.`);
}
