/**
 * What one person may see: the part of the company their scope names (promise P18), and for the help desk without endpoints,
 * names of people and marked tags. Everything that leaves the server about vaults goes through here, cached or not.
 */
import { type ActivityEntry, type Inventory, maskedText } from "#lib/contract/api.ts";
import type { Vault } from "#lib/contract/models.ts";
import type { OperationName } from "#lib/contract/operations.ts";
import { request as ociRequest } from "#lib/contract/request.ts";
import { lineageIn } from "#lib/vault/compartments.ts";
import { isSameTagKey } from "#lib/vault/tag-keys.ts";
import type { Config } from "./config.ts";
import { viaOf } from "./identities.ts";
import type { InventoryKeeper } from "./inventory.ts";
import { Refusal } from "./refusal.ts";
import type { SignedIn } from "./session.ts";
import type { Tenancy } from "./tenancies.ts";

/** From the policy file: who it is about, and what they see. Compartments hold what lies below them. */
export interface Scope {
  readonly name: string;
  readonly roles: readonly ("helpdesk" | "operator")[];
  /** Names of people, at an identity provider their subjects; groups there. With neither, everybody of the roles. */
  readonly people?: readonly string[] | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly tenancies?: readonly string[] | undefined;
  readonly compartments?: readonly string[] | undefined;
}

/** What the help desk does not see without giving a reason. */
export interface Masking {
  readonly endpoints: boolean;
  readonly people: boolean;
  /** `key` is a free-form tag, `namespace.key` a defined one; capitals make no difference. */
  readonly tags: readonly string[];
}

export interface Sight {
  /** Two people with the same key see the same. */
  readonly key: string;
  /** Null: everything. */
  readonly within: { readonly tenancies: ReadonlySet<string>; readonly compartments: ReadonlySet<string> } | null;
  readonly masking: Masking | null;
}

/** Fields of the service's models that lead to a vault or into its key manager. */
const endpointFields = new Set([
  "cryptoEndpoint",
  "managementEndpoint",
  "externalVaultEndpointUrl",
  "privateEndpointId",
  "idcsAccountNameUrl",
  "clientAppId",
]);
const peopleFields = new Set(["createdBy", "actor"]);

/** What the policy calls a person: at a provider a name can be changed by its bearer, so there it is the subject. */
function nameOf({ issuer, name, subject }: Pick<SignedIn, "issuer" | "name" | "subject">): string {
  return viaOf(issuer) === "provider" ? subject : name;
}

/** The sight of a person by the policy of now. */
export function sightOf(
  { scopes, masking }: Config["policy"],
  who: Pick<SignedIn, "role" | "name" | "groups" | "issuer" | "subject">,
): Sight {
  const mine = scopes.filter(
    ({ roles, people, groups }) =>
      roles.some((role) => role === who.role) &&
      ((people === undefined && groups === undefined) ||
        people?.includes(nameOf(who)) === true ||
        who.groups.some((group) => groups?.includes(group) === true)),
  );
  // Of a role somebody is scoped in, who is in no scope sees nothing: a forgotten group opens no door.
  const isScoped = scopes.some(({ roles }) => roles.some((role) => role === who.role));
  const mask = who.role === "helpdesk" && (masking.endpoints || masking.people || masking.tags.length > 0);
  const names = mine.map(({ name }) => name).sort();
  return {
    key: JSON.stringify([isScoped ? names : null, mask]),
    within: isScoped
      ? {
          tenancies: new Set(mine.flatMap((scope) => scope.tenancies ?? [])),
          compartments: new Set(mine.flatMap((scope) => scope.compartments ?? [])),
        }
      : null,
    masking: mask ? masking : null,
  };
}

type Lineage = ReturnType<typeof lineageIn>;

function seesCompartment({ within }: Sight, tenancy: string, compartmentId: string, lineage: Lineage): boolean {
  if (within === null || within.tenancies.has(tenancy)) return true;
  // What is not in the tree has no place that could be judged.
  return lineage(compartmentId)?.some((each) => within.compartments.has(each)) ?? false;
}

/** The part of an inventory a person sees, masked. How much of the company has been read is told whole. */
export function viewOf(inventory: Inventory, sight: Sight): Inventory {
  if (sight.within === null && sight.masking === null) return inventory;
  const lineages = new Map(inventory.tenancies.map(({ id, compartments }) => [id, lineageIn(compartments)]));
  const isSeen = ({ tenancy, compartmentId }: Inventory["vaults"][number]) =>
    seesCompartment(sight, tenancy, compartmentId, lineages.get(tenancy) ?? (() => null));
  return {
    ...inventory,
    tenancies: tenanciesInSight(inventory.tenancies, sight),
    vaults: inventory.vaults.filter(isSeen).map((row) => mask(row, sight.masking)),
  };
}

/** The tenancies of which a person sees anything, with the compartments they see. */
export function tenanciesInSight(tenancies: Inventory["tenancies"], sight: Sight): Inventory["tenancies"] {
  const { within } = sight;
  if (within === null) return tenancies;
  return tenancies.flatMap((tenancy) => {
    const lineage = lineageIn(tenancy.compartments);
    const compartments = tenancy.compartments.filter(({ id }) => seesCompartment(sight, tenancy.id, id, lineage));
    if (compartments.length === 0 && !within.tenancies.has(tenancy.id)) return [];
    const seen = new Set(compartments.map(({ id }) => id));
    return {
      ...tenancy,
      compartments: compartments.map((each) => ({
        ...each,
        parentId: each.parentId !== null && seen.has(each.parentId) ? each.parentId : null,
      })),
      failures: tenancy.failures.filter(({ compartmentId }) => compartmentId === null || seen.has(compartmentId)),
    };
  });
}

/** Operations that tell nothing of one compartment: regions, the tenancy's name, limits, the namespace. */
const ofTheTenancy: readonly OperationName[] = [
  "getTenancy",
  "listRegionSubscriptions",
  "listRegions",
  "listLimitValues",
  "getNamespace",
];

export interface SightPlace {
  readonly tenancy: Tenancy;
  readonly region: string;
  readonly managementOf: string | null;
  /** The session that asks. */
  readonly whose: string;
}

/** The refusal for what is not there and for what is not to be seen: the same words, so that asking tells nothing. */
function outOfSight(): Refusal {
  return new Refusal(404, "NotAuthorizedOrNotFound", "There is no such thing, or it is outside what you may see.", {
    why: "Your role is limited to some tenancies or compartments of the company.",
    action: "If it should be in your scope, ask whoever keeps the console's policy file.",
  });
}

/** Throws the refusal of a call about something outside a person's sight. The vault's compartment is the one that was read last. */
export async function requireSight(
  sight: Sight,
  inventory: InventoryKeeper,
  place: SightPlace,
  { operation, params }: { readonly operation: OperationName; readonly params: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { within } = sight;
  if (within === null || within.tenancies.has(place.tenancy.id)) return;
  const lineage: Lineage = (id) => inventory.compartmentPath(place.tenancy.id, id);
  const mustSee = (compartmentId: string) => {
    if (!seesCompartment(sight, place.tenancy.id, compartmentId, lineage)) throw outOfSight();
  };
  if (ofTheTenancy.includes(operation)) {
    const isTouched = tenanciesInSight(inventory.tenancies(), sight).some(({ id }) => id === place.tenancy.id);
    if (!isTouched) throw outOfSight();
    return;
  }
  const { compartmentId, vaultId } = params;
  const { compartmentId: target } = (params.body ?? {}) as { compartmentId?: unknown };
  const vault = typeof vaultId === "string" ? vaultId : place.managementOf;
  const named = [compartmentId, target].filter((each) => typeof each === "string");
  // A bucket does not say which compartment it is in.
  if (vault === null && named.length === 0) throw outOfSight();
  for (const each of named) mustSee(each);
  if (vault !== null) {
    const { data } = await place.tenancy.read(ociRequest("getVault", { vaultId: vault }), place.region, {
      whose: place.whose,
    });
    mustSee((data as unknown as Vault).compartmentId);
  }
}

/** True when the person may see what was done to a vault of this compartment. */
export function seesVault(sight: Sight, inventory: InventoryKeeper, tenancy: string, compartmentId: string): boolean {
  return seesCompartment(sight, tenancy, compartmentId, (id) => inventory.compartmentPath(tenancy, id));
}

/** The same value with what the person does not see replaced by `maskedText`. */
export function mask<T>(value: T, masking: Masking | null): T {
  return masking === null ? value : (maskAny(value, masking) as T);
}

function maskAny(value: unknown, masking: Masking): unknown {
  if (Array.isArray(value)) return value.map((each) => maskAny(each, masking));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isHidden = (masking.endpoints && endpointFields.has(name)) || (masking.people && peopleFields.has(name));
      if (isHidden && typeof inner === "string") return [name, maskedText];
      if (name === "freeformTags") return [name, maskTags(inner, masking, "")];
      if (name === "definedTags" && typeof inner === "object" && inner !== null)
        return [name, mapValues(inner, (tags, namespace) => maskTags(tags, masking, `${namespace}.`))];
      return [name, maskAny(inner, masking)];
    }),
  );
}

function maskTags(tags: unknown, masking: Masking, prefix: string): unknown {
  if (typeof tags !== "object" || tags === null) return tags;
  return mapValues(tags, (value, key) =>
    masking.tags.some((each) => isSameTagKey(each, prefix + key)) ? maskedText : value,
  );
}

const mapValues = (from: object, change: (value: unknown, key: string) => unknown) =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value, key)]));

/** Receipts as a person sees them. */
export function maskEntries(entries: readonly ActivityEntry[], { masking }: Sight): readonly ActivityEntry[] {
  return mask(entries, masking);
}
