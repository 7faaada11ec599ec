/**
 * Guard rails: rules of the company beside those of the role and of the vault's state, from a file (docs/policy-file.md).
 * The server refuses by them; pages say the same sentence beforehand. Cancelling a deletion is never held up: it is the
 * safe direction. Pure.
 */
import type { GuardRail } from "#lib/contract/api.ts";
import { type OperationName, operationRow } from "#lib/contract/operations.ts";
import { type VaultAction, vaultActions } from "./actions.ts";
import { dayMs, deletionWindow } from "./lifecycle.ts";
import { isSameTagKey } from "./tag-keys.ts";

/** What a rail looks at: an existing vault, or the place and tags of one to be. */
export interface RailSubject {
  readonly tenancy: string;
  readonly region: string;
  /** OCID; null for a vault that is still to be. */
  readonly vaultId: string | null;
  readonly vaultType: string | null;
  /** OCIDs of the compartment and everything above it; null when the tree is not known, and then every compartment is meant. */
  readonly compartments: readonly string[] | null;
  readonly freeformTags: Readonly<Record<string, string>>;
  readonly definedTags: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The subject of a vault that exists, from its row or from GetVault; `lineage` is its compartment's. */
export function railSubjectOf(
  vault: {
    readonly id: string;
    readonly vaultType: string;
    readonly freeformTags?: RailSubject["freeformTags"] | null | undefined;
    readonly definedTags?: RailSubject["definedTags"] | null | undefined;
  },
  place: { readonly tenancy: string; readonly region: string },
  lineage: readonly string[] | null,
): RailSubject {
  return {
    tenancy: place.tenancy,
    region: place.region,
    vaultId: vault.id,
    vaultType: vault.vaultType,
    compartments: lineage,
    freeformTags: vault.freeformTags ?? {},
    definedTags: vault.definedTags ?? {},
  };
}

/** What is about to be done. */
export interface RailAct {
  readonly operation: OperationName;
  /** Parameters by Oracle's names, `body` among them. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly reason: string | null;
  readonly ticket: string | null;
  /** Epoch milliseconds by the service's clock. */
  readonly now: number;
  /** When it was asked for, if a second person has agreed since: waits are counted from then. */
  readonly askedAt?: number;
}

export interface RailRefusal {
  /** Name of the rail. */
  readonly rail: string;
  /** One plain sentence or two. */
  readonly reason: string;
}

const cannotBeUndone = (operation: OperationName) => operationRow(operation).stepUp === true;

/** True when a rail has a say over this subject. */
export function isMeant({ when }: GuardRail, subject: RailSubject): boolean {
  const { compartments } = subject;
  const isOneOf = (allowed: readonly string[] | undefined, value: string | null) =>
    allowed === undefined || (value !== null && allowed.includes(value));
  return (
    isOneOf(when.tenancies, subject.tenancy) &&
    isOneOf(when.regions, subject.region) &&
    isOneOf(when.vaults, subject.vaultId) &&
    isOneOf(when.types, subject.vaultType) &&
    (when.compartments === undefined ||
      compartments === null ||
      compartments.some((each) => when.compartments?.includes(each))) &&
    Object.entries(when.tags ?? {}).every(([key, value]) => tagsOf(subject, key).includes(value))
  );
}

/**
 * The values of a tag, several where its key is there in several spellings: `key` is a free-form tag, `namespace.key` a defined
 * one, and capitals make no difference.
 */
function tagsOf(
  { freeformTags, definedTags }: Pick<RailSubject, "freeformTags" | "definedTags">,
  key: string,
): readonly string[] {
  const all = (tags: Readonly<Record<string, unknown>>, prefix: string) =>
    Object.entries(tags).flatMap(([name, value]) => (isSameTagKey(prefix + name, key) ? [String(value)] : []));
  const freeform = all(freeformTags, "");
  if (freeform.length > 0) return freeform;
  return Object.entries(definedTags).flatMap(([namespace, tags]) => all(tags, `${namespace}.`));
}

/** The first rail that stands in the way; null when none does. */
export function judgeRails(rails: readonly GuardRail[], subject: RailSubject, act: RailAct): RailRefusal | null {
  if (!operationRow(act.operation).writes || act.operation === "cancelVaultDeletion") return null;
  for (const rail of rails) {
    if (rail.operations !== undefined && !rail.operations.includes(act.operation)) continue;
    if (!isMeant(rail, subject)) continue;
    const reason =
      protection(rail, act) ??
      freeze(rail, act) ??
      wait(rail, act) ??
      tags(rail, subject, act) ??
      words(rail, act) ??
      bucket(rail, act);
    if (reason !== null) return { rail: rail.name, reason: `The guard rail “${rail.name}” ${reason}` };
  }
  return null;
}

const protectedFrom: readonly OperationName[] = [
  "scheduleVaultDeletion",
  "changeVaultCompartment",
  "deleteVaultReplica",
];

function protection(rail: GuardRail, { operation }: RailAct): string | null {
  if (rail.protect !== true) return null;
  return rail.operations !== undefined || protectedFrom.includes(operation)
    ? "protects this vault: it takes a change of the policy file to do this."
    : null;
}

function freeze({ freeze: window }: GuardRail, { now }: RailAct): string | null {
  if (window === undefined || now < window.from || now >= window.until) return null;
  return `allows no changes until ${utc(window.until)}. A deletion can still be cancelled.`;
}

function wait({ minimumWaitDays: days }: GuardRail, { operation, params, now, askedAt }: RailAct): string | null {
  if (days === undefined || operation !== "scheduleVaultDeletion") return null;
  const { timeOfDeletion } = (params.body ?? {}) as { timeOfDeletion?: string };
  // Without a date the service takes the latest there is.
  if (timeOfDeletion === undefined) return null;
  const from = askedAt ?? now;
  // The latest date the console sends must stay possible, and a minute is for the way there.
  const soonest = Math.min(from + days * dayMs, deletionWindow(from).latestMs) - 60_000;
  return Date.parse(timeOfDeletion) < soonest ? `wants a wait of at least ${days} days.` : null;
}

function tags({ requireTags }: GuardRail, subject: RailSubject, { operation, params }: RailAct): string | null {
  if (requireTags === undefined || (operation !== "createVault" && operation !== "updateVault")) return null;
  const body = (params.body ?? {}) as Partial<Pick<RailSubject, "freeformTags" | "definedTags">>;
  // An update replaces the maps it names and leaves the others.
  const after = {
    freeformTags: body.freeformTags ?? subject.freeformTags,
    definedTags: body.definedTags ?? subject.definedTags,
  };
  const missing = requireTags.filter((key) => tagsOf(after, key).every((value) => value === ""));
  return missing.length === 0 ? null : `wants ${missing.length === 1 ? "the tag" : "the tags"} ${missing.join(", ")}.`;
}

function words(rail: GuardRail, { operation, reason, ticket }: RailAct): string | null {
  const { reasonMin, reasonPattern } = rail;
  if (rail.operations === undefined && !cannotBeUndone(operation)) return null;
  const said = reason?.trim() ?? "";
  if (reasonMin !== undefined && said.length < reasonMin) return `wants a reason of at least ${reasonMin} characters.`;
  if (reasonPattern !== undefined && !new RegExp(reasonPattern, "u").test(`${ticket ?? ""} ${said}`.trim()))
    return `wants a ticket or reason that matches ${reasonPattern}.`;
  return null;
}

function bucket({ buckets }: GuardRail, { operation, params }: RailAct): string | null {
  if (buckets === undefined) return null;
  const location = (params.body as { backupLocation?: Record<string, unknown> } | undefined)?.backupLocation;
  const isBackup = operation === "backupVault" || operation === "restoreVaultFromObjectStore";
  if (isBackup && location?.destination !== "BUCKET")
    return "allows backups in named buckets only, not at a pre-authenticated URL.";
  const used = isBackup
    ? `${location?.namespace}/${location?.bucketName}`
    : operationRow(operation).service === "objectstorage"
      ? `${params.namespaceName}/${params.bucketName}`
      : null;
  return used === null || buckets.includes(used)
    ? null
    : `does not allow the bucket ${used}: only ${buckets.join(", ")}.`;
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Actions no form has to be opened for to know that a rail stands in the way. */
export function railRefusals(
  rails: readonly GuardRail[],
  subject: RailSubject,
  now: number,
): Partial<Record<VaultAction, string>> {
  const found: Partial<Record<VaultAction, string>> = {};
  for (const action of vaultActions) {
    // Only what the vault and the time decide: what is typed into a form is judged when it is sent.
    const firm = rails.map(({ name, when, operations, protect, freeze: window }) => ({
      name,
      when,
      ...(operations === undefined ? {} : { operations }),
      ...(protect === undefined ? {} : { protect }),
      ...(window === undefined ? {} : { freeze: window }),
    }));
    const refusal = judgeRails(firm, subject, { operation: action, params: {}, reason: null, ticket: null, now });
    if (refusal !== null) found[action] = refusal.reason;
  }
  return found;
}

/** The longest wait any rail wants before this vault is deleted, and which; null when none wants more than the service. */
export function minimumWait(rails: readonly GuardRail[], subject: RailSubject): { days: number; rail: string } | null {
  const meant = rails.filter(
    (rail) =>
      rail.minimumWaitDays !== undefined &&
      (rail.operations?.includes("scheduleVaultDeletion") ?? true) &&
      isMeant(rail, subject),
  );
  const longest = meant.reduce((most, rail) => Math.max(most, rail.minimumWaitDays ?? 0), 0);
  const rail = meant.find((each) => each.minimumWaitDays === longest);
  return rail === undefined ? null : { days: longest, rail: rail.name };
}
