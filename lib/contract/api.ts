/** The console's own API: what `/api/session`, `/api/inventory`, `/api/health` and every refusal of the BFF look like. */

import type { DefinedTags, FreeformTags, Vault, VaultLifecycleState, VaultType } from "./models.ts";
import type { Role } from "./operations.ts";

/** Console roles: helpdesk < operator < admin; auditor reads everything, receipts included, and changes nothing. */
export type ConsoleRole = Role | "auditor";
export const consoleRoles = ["helpdesk", "operator", "admin", "auditor"] as const satisfies readonly ConsoleRole[];

/** Stands where the help desk does not see a value without giving a reason. */
export const maskedText = "••••••";
/** In place of the name of somebody who is not signed in: what they typed may be a password in the wrong field. */
export const strangerName = "(somebody)";

/** POST /api/reveal, with the reason in a header: the vault as the service tells it, and who did what to it. Recorded. */
export interface RevealBody {
  readonly tenancy: string;
  readonly region: string;
  readonly vaultId: string;
}
export interface RevealAnswer {
  readonly vault: Vault;
  /** Name by receipt. */
  readonly actors: Readonly<Record<string, string>>;
}

export interface SessionUser {
  /** The account's id in the console. */
  readonly id: string;
  readonly name: string;
  readonly role: ConsoleRole;
  /** Epoch milliseconds. */
  readonly signedInAt: number;
  /** When the person last proved who they are; operations that cannot be undone ask for a fresh proof. */
  readonly authAt: number;
  readonly via: "rehearsal" | "password" | "provider";
}

/** The rehearsal's people: one for each role, and a second security admin when four eyes are asked for. */
export type PersonaId = ConsoleRole | "second-admin";
export const personaIds = [...consoleRoles, "second-admin"] as const satisfies readonly PersonaId[];

export interface Persona {
  readonly id: PersonaId;
  readonly role: ConsoleRole;
  readonly name: string;
  /** One sentence: who this is and what they may do. */
  readonly summary: string;
}

/** GET /api/session; 200 with `user: null` when nobody is signed in. */
export interface SessionAnswer {
  readonly user: SessionUser | null;
  /** `rehearsal`: the built-in emulator answers; `live`: a real tenancy does. */
  readonly mode: "rehearsal" | "live";
  /** Only in rehearsal on this machine; empty otherwise. */
  readonly personas: readonly Persona[];
  readonly ways: SignInWays;
  /** Limits of the gauges by tenancy from configuration; absent means "limit unknown". */
  readonly limits: VaultLimits;
  /** Largest backup file the server takes from a browser. */
  readonly uploadBytesMax: number;
  /** Null when nobody is signed in. */
  readonly fourEyes: FourEyes | null;
  /** Empty when nobody is signed in. */
  readonly guardRails: readonly GuardRail[];
}

/** A rule of the company, from the policy file (docs/policy-file.md). A field that is missing says nothing. */
export interface GuardRail {
  /** Refusals name it. */
  readonly name: string;
  /** Which vaults; all of what is named must fit. */
  readonly when: {
    readonly tenancies?: readonly string[] | undefined;
    readonly regions?: readonly string[] | undefined;
    /** OCIDs; what lies below them is meant too. */
    readonly compartments?: readonly string[] | undefined;
    readonly vaults?: readonly string[] | undefined;
    readonly types?: readonly string[] | undefined;
    /** `key` is a free-form tag, `namespace.key` a defined one. */
    readonly tags?: Readonly<Record<string, string>> | undefined;
  };
  /** Which operations; each of the fields below has its own when this is missing. */
  readonly operations?: readonly string[];
  /** No deletion, no move, no deletion of the replica. */
  readonly protect?: true;
  /** No changes between two moments, epoch milliseconds. */
  readonly freeze?: { readonly from: number; readonly until: number };
  readonly minimumWaitDays?: number;
  /** Tags every new or changed vault must have. */
  readonly requireTags?: readonly string[];
  readonly reasonMin?: number;
  /** Regular expression. */
  readonly reasonPattern?: string;
  /** `namespace/bucket` of the only buckets for backups. */
  readonly buckets?: readonly string[];
}

/** Whether a second person has to agree before what cannot be undone, and why it is so. */
export interface FourEyes {
  readonly isOn: boolean;
  /** One sentence: by which setting, or why not. */
  readonly why: string;
}

export type ApprovalState =
  | "pending"
  | "approved"
  | "executing"
  | "done"
  | "failed"
  | "denied"
  | "withdrawn"
  | "expired"
  | "void";

/** Something one person asked for and another has to agree to. */
export interface Approval {
  readonly id: string;
  /** `void`: what it is about was changed meanwhile. `approved`: agreed, not yet carried out. */
  readonly state: ApprovalState;
  /** Name of the operations table, or `changeRole`. */
  readonly operation: string;
  readonly tenancy: string;
  readonly region: string;
  /** OCID, or for a change of role the person's id. */
  readonly target: string;
  readonly requester: { readonly id: string; readonly name: string };
  readonly reason: string;
  readonly ticket: string | null;
  /** What will be sent, by Oracle's parameter names, without secrets. */
  readonly params: Readonly<Record<string, unknown>>;
  /** What it is about as the console knew it when this was asked for. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly etag: string | null;
  /** SHA-256 of exactly what will be sent, hex. */
  readonly payloadHash: string;
  /** Epoch milliseconds, all of them. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly decidedAt: number | null;
  readonly endedAt: number | null;
  readonly decider: { readonly id: string; readonly name: string } | null;
  readonly decisionReason: string | null;
  readonly receiptId: string | null;
  /** How carrying it out ended, in words. */
  readonly outcome: string | null;
  /** Why the person asking may not decide; null when they may. */
  readonly whyNotYou: string | null;
}

/** GET /api/approvals: newest first. */
export interface ApprovalsAnswer {
  readonly fourEyes: FourEyes;
  readonly approvals: readonly Approval[];
}

/** POST /api/approvals/{id}: `confirm` is the end of the target's OCID (or of the person's id), six characters. */
export type DecisionBody =
  | { decision: "approve"; confirm: string; reason?: string }
  | { decision: "deny"; reason: string }
  | { decision: "withdraw" }
  /** What was agreed to, but not carried out because the console was stopped in between. */
  | { decision: "carryOut" };

/** 202: nothing was done yet, a second person has to agree. */
export interface ApprovalAsked {
  readonly approval: string;
  readonly expiresAt: number;
}

/** Denominators for the usage gauges (VaultUsage has counts only), from configuration. */
export interface VaultLimits {
  readonly keyCount?: number;
  readonly keyVersionCount?: number;
  readonly softwareKeyCount?: number;
  readonly softwareKeyVersionCount?: number;
}

/** How people may sign in to this console. */
export interface SignInWays {
  readonly password: boolean;
  /** The identity provider's host, or null when none is configured. */
  readonly provider: string | null;
  /** Nobody can sign in yet: the one-time token printed by the server makes the first admin. */
  readonly isSetupNeeded: boolean;
}

/** POST /api/session: a persona in rehearsal, name and password otherwise. */
export type SignInBody = { persona: PersonaId } | { name: string; password: string };

/** POST /api/session/setup: the first admin (with a name), or somebody invited (the name was chosen for them). */
export interface SetupBody {
  readonly token: string;
  readonly name?: string;
  readonly password: string;
}

/** POST /api/session/step-up: proving again who one is. An identity provider's people go there instead. */
export type StepUpBody = { persona: PersonaId } | { password: string };

/** POST /api/session/provider: where to go to sign in at the identity provider. */
export interface ProviderAnswer {
  readonly redirect: string;
}

/** DELETE /api/session: signed out here; `leaveTo` ends the identity provider's session too. */
export interface SignOutAnswer extends SessionAnswer {
  readonly leaveTo: string | null;
}

/** One place somebody is signed in. */
export interface SessionEntry {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly role: ConsoleRole;
  /** Browser and system in words. */
  readonly device: string;
  readonly isThis: boolean;
  /** From the network address this request comes from. */
  readonly isSameAddress: boolean;
  /** Epoch milliseconds. */
  readonly signedInAt: number;
  readonly lastSeenAt: number;
}

/** GET /api/session/list: one's own; with `?account=` somebody else's, with `?account=*` everybody's (security admins). */
export interface SessionListAnswer {
  readonly sessions: readonly SessionEntry[];
}

/** POST /api/session/end: one session, or all of one's own but this one. */
export type EndSessionBody = { session: string } | { others: true };

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: ConsoleRole;
  readonly via: SessionUser["via"];
  /** `invited`: has not chosen a password yet. */
  readonly state: "active" | "invited" | "disabled";
  /** Epoch milliseconds; null when never. */
  readonly lastSignInAt: number | null;
  readonly createdAt: number;
  /** Places the person is signed in at now. */
  readonly sessions: number;
  /** The role comes from the identity provider's groups, or is the rehearsal's: it is not changed here. */
  readonly isRoleFixed: boolean;
}

/** GET /api/people, and the answer of every change to them. */
export interface PeopleAnswer {
  readonly people: readonly Person[];
  /** False where the console keeps no passwords (the rehearsal's personas). */
  readonly canAdd: boolean;
  /** Path with a one-time token, for the person who was just added or invited anew; shown once. */
  readonly invitation?: { readonly personId: string; readonly name: string; readonly path: string };
}

/** POST /api/people/{add,role,disable,enable,invite,end-sessions}. */
export interface AddPersonBody {
  readonly name: string;
  readonly role: ConsoleRole;
}

/** Body of every refusal of our own API. */
export interface ApiErrorBody {
  /** Stable, machine-readable; Oracle's code when the service refused. */
  readonly code: string;
  /** What happened. */
  readonly message: string;
  /** Why, when known. */
  readonly why?: string;
  /** What to do now. */
  readonly action?: string;
  readonly requestId: string;
  /** Seconds; also sent as `retry-after`. */
  readonly retryAfterSeconds?: number;
}

/** The six fields only GetVault has; read lazily for rows that need them. */
export interface VaultDetails {
  readonly timeOfDeletion: string | null;
  readonly isPrimary: boolean | null;
  readonly isVaultReplicable: boolean | null;
  readonly replicationId: string | null;
  readonly restoredFromVaultId: string | null;
}

/** One row of the inventory; a vault is identified by tenancy, region and OCID together (a replica shares the OCID). */
export interface VaultRow {
  readonly tenancy: string;
  readonly region: string;
  readonly id: string;
  readonly compartmentId: string;
  readonly displayName: string;
  readonly vaultType: VaultType | (string & {});
  readonly lifecycleState: VaultLifecycleState | (string & {});
  readonly timeCreated: string;
  readonly cryptoEndpoint: string;
  readonly managementEndpoint: string;
  readonly freeformTags: FreeformTags;
  readonly definedTags: DefinedTags;
  /** Undefined until read; rows pending deletion get theirs in the background. */
  readonly details?: VaultDetails;
}

export interface InventoryCompartment {
  readonly id: string;
  readonly name: string;
  /** Null for the root compartment (the tenancy). */
  readonly parentId: string | null;
}

export interface InventoryRegion {
  readonly name: string;
  readonly key: string;
  readonly isHome: boolean;
}

/** A part that could not be read; its old rows, if any, are kept and shown as old. */
export interface InventoryFailure {
  readonly region: string;
  /** Null when a whole region or the compartment tree failed. */
  readonly compartmentId: string | null;
  readonly code: string;
  readonly message: string;
  /** The cause, and what removes it where the console knows. */
  readonly why: string | null;
  readonly requestId: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface InventoryTenancy {
  /** OCID. */
  readonly id: string;
  readonly name: string;
  /** Profile of the configuration file it comes from. */
  readonly profile: string;
  readonly homeRegion: string;
  readonly regions: readonly InventoryRegion[];
  readonly compartments: readonly InventoryCompartment[];
  /** Compartment × region parts: how many there are and how many have been read at least once. */
  readonly partsTotal: number;
  readonly partsRead: number;
  /** Epoch milliseconds of the oldest part shown; null while nothing has been read. */
  readonly oldestReadAt: number | null;
  readonly isScanning: boolean;
  readonly failures: readonly InventoryFailure[];
}

/** GET /api/inventory. `version` is also the ETag: unchanged data is answered 304. */
export interface Inventory {
  readonly version: string;
  /** Server clock, epoch milliseconds, when this version was made. */
  readonly madeAt: number;
  readonly tenancies: readonly InventoryTenancy[];
  readonly vaults: readonly VaultRow[];
}

/** One action of a person: what was asked, why, and how it ended. */
export interface ActivityEntry {
  readonly receiptId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: string;
  readonly role: ConsoleRole;
  /** Name of the operations table. */
  readonly operation: string;
  readonly tenancy: string;
  readonly region: string;
  /** OCID the call was about; for a create or restore, the compartment's. */
  readonly target: string;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly requestId: string;
  /** What was asked, by Oracle's parameter names, without secrets. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The vault's row before, when the console knew it. */
  readonly before: Readonly<Record<string, unknown>> | null;
  /** The vault as the service answered. */
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly result: (typeof activityResults)[number];
  readonly endedAt: number | null;
  readonly status: number | null;
  readonly opcRequestId: string | null;
  /** The vault's etag in the service's answer. */
  readonly etag: string | null;
  /** What the service, or the console, said when it did not work. */
  readonly error: string | null;
}

/** `/api/activity/export?format=`: for spreadsheets, or one JSON object a line for programs. */
export const trailFormats = ["csv", "jsonl"] as const;
export type TrailFormat = (typeof trailFormats)[number];

/** How an action ended, or stands. */
export const activityResults = ["ok", "failed", "unknown", "refused", "pending", "reconciled"] as const;

/** GET /api/activity: newest first; `next` goes into `before` for the page below, null at the end. */
export interface ActivityAnswer {
  readonly entries: readonly ActivityEntry[];
  readonly next: number | null;
}

/** GET /api/activity/verify: whether the trail of receipts is what the console wrote. */
export interface TrailAnswer {
  readonly isIntact: boolean;
  readonly rows: number;
  readonly head: { readonly seq: number; readonly hash: string };
  /** Signed checkpoints, kept outside the store, that it was held against. */
  readonly checkpoints: number;
  /** ISO 8601. */
  readonly lastCheckpointAt: string | null;
  /** The first row that is not what it was. */
  readonly fault: { readonly seq: number; readonly what: string } | null;
  readonly tookMs: number;
}

/** One of the two budgets of a tenancy, as this instance spends it. */
export interface BudgetStatus {
  /** Calls this instance may make in any second. */
  readonly limit: number;
  readonly usedInLastSecond: number;
  /** Calls of people, and of the console's own scan, that wait for a place. */
  readonly waiting: { readonly interactive: number; readonly background: number };
  /** Milliseconds until calls go on after the service asked for a pause; 0 when there is none. */
  readonly pausedForMs: number;
  /** How often the service asked for a pause since the start. */
  readonly pausesTotal: number;
}

/** One service in one region. */
export interface ServiceStatus {
  readonly service: string;
  readonly region: string;
  /** `open`: after failures in a row the console gives the service a rest; `probing`: one call tries whether it is back. */
  readonly breaker: "closed" | "open" | "probing";
  readonly refusedForMs: number;
  /** Epoch milliseconds; null while nothing was asked. */
  readonly lastGoodAt: number | null;
  readonly lastFailure: { readonly at: number; readonly code: string; readonly message: string } | null;
}

export interface TenancyStatus {
  readonly id: string;
  readonly name: string;
  readonly profile: string;
  /** How the console signs, e.g. `api_key`; never anything secret. */
  readonly signing: { readonly kind: string; readonly user: string | null; readonly fingerprint: string | null };
  readonly budgets: { readonly read: BudgetStatus; readonly write: BudgetStatus };
  readonly services: readonly ServiceStatus[];
  readonly partsTotal: number;
  readonly partsRead: number;
  readonly oldestReadAt: number | null;
  readonly failures: readonly InventoryFailure[];
}

/** GET /api/status: what works, for everybody signed in. Times are by the service's clock, as all that a page shows. */
export interface StatusAnswer {
  readonly now: number;
  readonly startedAt: number;
  readonly mode: "rehearsal" | "live";
  readonly store: { readonly kind: "SQLite" | "PostgreSQL"; readonly isWell: boolean };
  /** `unwritten`: outcomes kept in memory because the store would not take them. */
  readonly receipts: { readonly isWell: boolean; readonly unwritten: number };
  readonly isDraining: boolean;
  /** How far the service's clock is ahead of ours, milliseconds; 0 while they agree within two seconds. */
  readonly serviceClockAheadMs: number;
  readonly tenancies: readonly TenancyStatus[];
}

/** GET, POST and DELETE /api/feeds: the person's own calendar feed. */
export interface FeedAnswer {
  readonly feed: { readonly createdAt: number; readonly lastUsedAt: number | null } | null;
  /** Only after POST, and only this once: the secret address below the console's own. */
  readonly path: string | null;
}

/** GET /api/usage: snapshots of a vault's GetVaultUsage, oldest first, taken when somebody looked. */
export interface UsageAnswer {
  readonly snapshots: readonly { readonly at: number; readonly counts: Readonly<Record<string, number>> }[];
}
