/** What the world stores: plain JSON documents, times in epoch milliseconds of the world's clock. */
import type {
  DefinedTags,
  FreeformTags,
  KeyLifecycleState,
  VaultLifecycleState,
  VaultType,
} from "#lib/contract/models.ts";
import type { Timeline } from "./timeline.ts";

export interface TenancyRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly homeRegion: string;
  /** Subscribed regions, home first. */
  readonly regions: readonly string[];
  /** Object Storage namespace. */
  readonly namespace: string;
}

/** A public key that may sign; `id` is the keyId as it stands in the Authorization header. */
export interface SigningKeyRecord {
  readonly id: string;
  readonly pem: string;
  readonly tenancyId: string;
  readonly userId: string;
  /** Wall-clock epoch milliseconds; null for keys that do not run out. */
  readonly expiresAt: number | null;
}

export interface CompartmentRecord {
  readonly id: string;
  readonly tenancyId: string;
  /** Null for the root, whose id is the tenancy's. */
  readonly parentId: string | null;
  readonly name: string;
  readonly description: string;
  readonly timeCreated: number;
  readonly lifecycleState: "ACTIVE" | "DELETED";
  readonly isAccessible: boolean;
  readonly freeformTags: FreeformTags;
  readonly definedTags: DefinedTags;
}

/** GONE: no longer answered for. */
export type VaultState = VaultLifecycleState | "GONE";
export type ReplicaState = "CREATING" | "CREATED" | "DELETING" | "DELETED";
export type KeyState = KeyLifecycleState | "GONE";

export interface ReplicaRecord {
  readonly region: string;
  readonly replicationId: string;
  readonly timeline: Timeline<ReplicaState>;
}

/** The external key manager without its secret, which is not kept: nothing may ever read it back. */
export interface ExternalManagerRecord {
  readonly externalVaultEndpointUrl: string;
  readonly privateEndpointId: string;
  readonly vendor: string | null;
  readonly idcsAccountNameUrl: string;
  readonly clientAppId: string;
}

export interface VaultRecord {
  readonly id: string;
  readonly tenancyId: string;
  readonly region: string;
  readonly compartmentId: string;
  readonly displayName: string;
  readonly vaultType: VaultType;
  readonly timeCreated: number;
  readonly freeformTags: FreeformTags;
  readonly definedTags: DefinedTags;
  readonly external: ExternalManagerRecord | null;
  readonly wrappingkeyId: string;
  readonly restoredFromVaultId: string | null;
  readonly isVaultReplicable: boolean;
  readonly timeline: Timeline<VaultState>;
  readonly timeOfDeletion: number | null;
  readonly replica: ReplicaRecord | null;
  /** Counts field changes; part of the etag. */
  readonly revision: number;
}

export interface KeyRecord {
  readonly id: string;
  readonly vaultId: string;
  readonly tenancyId: string;
  readonly compartmentId: string;
  readonly displayName: string;
  readonly protectionMode: "HSM" | "SOFTWARE" | "EXTERNAL";
  readonly algorithm: "AES" | "RSA" | "ECDSA";
  /** Bytes. */
  readonly length: number;
  readonly currentKeyVersion: string;
  readonly versionCount: number;
  readonly timeCreated: number;
  readonly freeformTags: FreeformTags;
  readonly definedTags: DefinedTags;
  /** The key's own life; what the vault's deletion does to it is computed. */
  readonly timeline: Timeline<KeyState>;
  /** Only of a deletion scheduled for this key itself. */
  readonly timeOfDeletion: number | null;
}

export interface BucketRecord {
  /** `region/namespace/name`. */
  readonly id: string;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly tenancyId: string;
  readonly compartmentId: string;
  readonly createdBy: string;
  readonly timeCreated: number;
  readonly etag: string;
}

export interface ObjectContent {
  readonly blobId: string;
  /** Bytes. */
  readonly size: number;
  /** Base64. */
  readonly md5: string;
  /** A UUID, as the service's own. */
  readonly etag: string;
  readonly timeModified: number;
}

export interface ObjectRecord {
  /** Bucket id, `#`, object name. */
  readonly id: string;
  readonly bucketId: string;
  readonly name: string;
  readonly timeCreated: number;
  /** Null while only a backup that is still being written would be here. */
  readonly content: ObjectContent | null;
  /** A backup in progress: takes the place of `content` just after its `timeModified`. */
  readonly coming: ObjectContent | null;
}

export interface PreauthenticatedRecord {
  readonly id: string;
  /** SHA-256 of the secret, hex: the secret is shown once and not kept. */
  readonly secretHash: string;
  readonly bucketId: string;
  readonly name: string;
  readonly accessType:
    | "ObjectRead"
    | "ObjectWrite"
    | "ObjectReadWrite"
    | "AnyObjectWrite"
    | "AnyObjectRead"
    | "AnyObjectReadWrite";
  readonly objectName: string | null;
  readonly bucketListingAction: string | null;
  readonly timeExpires: number;
  readonly timeCreated: number;
}

export interface RetryRecord {
  /** Principal, operation and token. */
  readonly id: string;
  /** SHA-256 over target and body, hex. */
  readonly requestHash: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The vault the answer is about, in its region. */
  readonly vaultId: string;
  readonly expiresAt: number;
}

export interface SettingRecord {
  readonly id: string;
  readonly value: string;
}

export interface Records {
  tenancy: TenancyRecord;
  signingKey: SigningKeyRecord;
  compartment: CompartmentRecord;
  vault: VaultRecord;
  key: KeyRecord;
  bucket: BucketRecord;
  object: ObjectRecord;
  preauthenticated: PreauthenticatedRecord;
  retry: RetryRecord;
  setting: SettingRecord;
}
export type RecordKind = keyof Records;
