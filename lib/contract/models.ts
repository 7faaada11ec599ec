/**
 * The wire models of the vault console: one schema per model, the type carries the same name.
 * Requests are exact; answers are tolerant readers: new enum values, extra fields and explicit nulls pass (contract, section 2).
 * `zod/mini` because the browser imports these too.
 */
import * as z from "zod/mini";

/** A closed list for requests; as an answer any other string passes, so a new state of the service cannot break us. */
function openEnum<const Values extends readonly string[]>(values: Values) {
  const schema = z.string() as unknown as z.ZodMiniType<Values[number] | (string & {}), string>;
  return Object.assign(schema, { known: values });
}

const nullish = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema));
const text = (minimum: number, maximum: number) => z.string().check(z.minLength(minimum), z.maxLength(maximum));

/** Loose OCID shape of Oracle's own SDKs; no slash, percent sign or control character can be in it. */
export const ocidPattern = /^([0-9a-zA-Z-_]+[.:])([0-9a-zA-Z-_]*[.:]){3,}([0-9a-zA-Z-_]+)$/;
export const Ocid = z.string().check(z.maxLength(255), z.regex(ocidPattern, "is not an OCID"));
export const RegionId = z.string().check(z.regex(/^[a-z][a-z0-9-]{2,39}$/, "is not a region identifier"));
/** RFC 3339 time with zone. */
export const Timestamp = z.iso.datetime({ offset: true });

export const vaultTypes = ["DEFAULT", "VIRTUAL_PRIVATE", "EXTERNAL"] as const;
export const VaultType = openEnum(vaultTypes);
export type VaultType = (typeof vaultTypes)[number];

export const vaultLifecycleStates = [
  "CREATING",
  "ACTIVE",
  "UPDATING",
  "BACKUP_IN_PROGRESS",
  "RESTORING",
  "SCHEDULING_DELETION",
  "PENDING_DELETION",
  "CANCELLING_DELETION",
  "DELETING",
  "DELETED",
] as const;
export const VaultLifecycleState = openEnum(vaultLifecycleStates);
export type VaultLifecycleState = (typeof vaultLifecycleStates)[number];

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused (E3)
const withoutControls = z.regex(/^[^\u0000-\u001f\u007f]*$/, "may not contain control characters");
/** E3: 1..255 characters, no control characters. */
export const DisplayName = z.string().check(z.minLength(1), z.maxLength(255), withoutControls);

/** "Limits on Tags": at most 10 free-form tags; keys printable ASCII without dot or space, 100; values 256. */
export const FreeformTags = z
  .record(
    z
      .string()
      .check(
        z.regex(
          /^[\x21-\x2d\x2f-\x7e]{1,100}$/,
          "tag keys are 1 to 100 printable ASCII characters without dot or space",
        ),
      ),
    z.string().check(z.maxLength(256, "tag values are at most 256 characters")),
  )
  .check(z.refine((tags) => Object.keys(tags).length <= 10, "at most 10 free-form tags"));
export const DefinedTags = z
  .record(text(1, 100), z.record(text(1, 100), z.unknown()))
  .check(
    z.refine(
      (tags) => Object.values(tags).reduce((n, keys) => n + Object.keys(keys).length, 0) <= 64,
      "at most 64 defined tags",
    ),
  );
export type FreeformTags = Record<string, string>;
export type DefinedTags = Record<string, Record<string, unknown>>;
const readFreeformTags = nullish(z.record(z.string(), z.string()));
const readDefinedTags = nullish(z.record(z.string(), z.record(z.string(), z.unknown())));

export const OauthMetadataSummary = z.object({ idcsAccountNameUrl: z.string(), clientAppId: z.string() });
export const ExternalKeyManagerMetadataSummary = z.object({
  externalVaultEndpointUrl: z.string(),
  privateEndpointId: z.string(),
  vendor: nullish(z.string()),
  oauthMetadataSummary: nullish(OauthMetadataSummary),
});

const vaultSummaryShape = {
  id: z.string(),
  compartmentId: z.string(),
  displayName: z.string(),
  vaultType: VaultType,
  lifecycleState: VaultLifecycleState,
  timeCreated: z.string(),
  cryptoEndpoint: z.string(),
  managementEndpoint: z.string(),
  freeformTags: readFreeformTags,
  definedTags: readDefinedTags,
  externalKeyManagerMetadataSummary: nullish(ExternalKeyManagerMetadataSummary),
};
/** A row of ListVaults: a Vault without the six fields only GetVault has. */
export const VaultSummary = z.object(vaultSummaryShape);
export type VaultSummary = z.output<typeof VaultSummary>;

export const VaultReplicaDetails = z.object({ replicationId: nullish(z.string()) });
export const Vault = z.object({
  ...vaultSummaryShape,
  wrappingkeyId: nullish(z.string()),
  timeOfDeletion: nullish(z.string()),
  restoredFromVaultId: nullish(z.string()),
  replicaDetails: nullish(VaultReplicaDetails),
  isPrimary: nullish(z.boolean()),
  isVaultReplicable: nullish(z.boolean()),
});
export type Vault = z.output<typeof Vault>;

/** Counts over all compartments, keys pending deletion included; there are no limits in it. */
export const VaultUsage = z.object({
  keyCount: z.number(),
  keyVersionCount: z.number(),
  softwareKeyCount: nullish(z.number()),
  softwareKeyVersionCount: nullish(z.number()),
});
export type VaultUsage = z.output<typeof VaultUsage>;

export const vaultReplicaStatuses = ["CREATING", "CREATED", "DELETING", "DELETED"] as const;
export const VaultReplicaSummary = z.object({
  region: nullish(z.string()),
  status: nullish(openEnum(vaultReplicaStatuses)),
  cryptoEndpoint: nullish(z.string()),
  managementEndpoint: nullish(z.string()),
});
export type VaultReplicaSummary = z.output<typeof VaultReplicaSummary>;

export const ReplicationStatusDetails = z.object({
  replicationId: z.string(),
  replicaDetails: nullish(
    z.array(z.object({ region: nullish(z.string()), status: nullish(openEnum(["REPLICATING", "REPLICATED"])) })),
  ),
});
export type ReplicationStatusDetails = z.output<typeof ReplicationStatusDetails>;

/* Requests. */

const httpsUrl = z.string().check(z.maxLength(2048), z.regex(/^https?:\/\/[^\s]+$/, "must be a URL"));
export const OauthMetadata = z.object({
  idcsAccountNameUrl: httpsUrl,
  clientAppId: text(1, 255),
  clientAppSecret: text(1, 1024),
});
export const ExternalKeyManagerMetadata = z.object({
  externalVaultEndpointUrl: httpsUrl,
  privateEndpointId: text(1, 255),
  oauthMetadata: OauthMetadata,
});
export const CreateVaultDetails = z
  .object({
    compartmentId: Ocid,
    displayName: DisplayName,
    vaultType: z.enum(vaultTypes),
    freeformTags: z.optional(FreeformTags),
    definedTags: z.optional(DefinedTags),
    externalKeyManagerMetadata: z.optional(ExternalKeyManagerMetadata),
  })
  .check(
    z.refine((details) => (details.vaultType === "EXTERNAL") === (details.externalKeyManagerMetadata !== undefined), {
      error: "is required for EXTERNAL vaults and refused for the others",
      path: ["externalKeyManagerMetadata"],
    }),
  );
export type CreateVaultDetails = z.output<typeof CreateVaultDetails>;

export const UpdateVaultDetails = z.object({
  displayName: z.optional(DisplayName),
  freeformTags: z.optional(FreeformTags),
  definedTags: z.optional(DefinedTags),
});
export type UpdateVaultDetails = z.output<typeof UpdateVaultDetails>;

export const ChangeVaultCompartmentDetails = z.object({ compartmentId: Ocid });
export type ChangeVaultCompartmentDetails = z.output<typeof ChangeVaultCompartmentDetails>;

/** `timeOfDeletion` is 7 to 30 days after the request arrives; without it the service takes 30 days. */
export const ScheduleVaultDeletionDetails = z.object({ timeOfDeletion: z.optional(Timestamp) });
export type ScheduleVaultDeletionDetails = z.output<typeof ScheduleVaultDeletionDetails>;

const bucketName = z
  .string()
  .check(z.regex(/^[A-Za-z0-9._-]{1,256}$/, "is not a bucket name"), z.regex(/^(?!\.{1,2}$)/, "is not a bucket name"));
const namespaceName = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, "is not a namespace name"));
/** Up to 1024 UTF-8 bytes, no control characters; `.` and `..` would be folded away by URL parsers. */
const objectName = z
  .string()
  .check(z.minLength(1), withoutControls, z.regex(/^(?!\.{1,2}$)/, "is not an object name"))
  .check(z.refine((name) => new TextEncoder().encode(name).length <= 1024, "is longer than 1024 bytes"));
export const BackupLocation = z.discriminatedUnion("destination", [
  z.object({ destination: z.literal("BUCKET"), namespace: namespaceName, bucketName, objectName }),
  z.object({ destination: z.literal("PRE_AUTHENTICATED_REQUEST_URI"), uri: httpsUrl }),
]);
export type BackupLocation = z.output<typeof BackupLocation>;
export const BackupVaultDetails = z.object({
  backupLocation: z.optional(BackupLocation),
  isIncludeKeys: z.optional(z.boolean()),
});
export type BackupVaultDetails = z.output<typeof BackupVaultDetails>;
export const RestoreVaultFromObjectStoreDetails = z.object({ backupLocation: z.optional(BackupLocation) });
export type RestoreVaultFromObjectStoreDetails = z.output<typeof RestoreVaultFromObjectStoreDetails>;

export const ReplicaVaultMetadata = z.object({
  vaultType: z.literal("EXTERNAL"),
  privateEndpointId: text(1, 255),
  idcsAccountNameUrl: httpsUrl,
});
export const CreateVaultReplicaDetails = z.object({
  replicaRegion: RegionId,
  replicaVaultMetadata: z.optional(ReplicaVaultMetadata),
});
export type CreateVaultReplicaDetails = z.output<typeof CreateVaultReplicaDetails>;
export const DeleteVaultReplicaDetails = z.object({ replicaRegion: RegionId });
export type DeleteVaultReplicaDetails = z.output<typeof DeleteVaultReplicaDetails>;

/* Keys: read only, as far as deletion dates and usage need them. */

export const keyLifecycleStates = [
  "CREATING",
  "ENABLING",
  "ENABLED",
  "DISABLING",
  "DISABLED",
  "UPDATING",
  "BACKUP_IN_PROGRESS",
  "RESTORING",
  "SCHEDULING_DELETION",
  "PENDING_DELETION",
  "CANCELLING_DELETION",
  "DELETING",
  "DELETED",
] as const;
export type KeyLifecycleState = (typeof keyLifecycleStates)[number];
const keySummaryShape = {
  id: z.string(),
  compartmentId: z.string(),
  vaultId: z.string(),
  displayName: z.string(),
  lifecycleState: openEnum(keyLifecycleStates),
  timeCreated: z.string(),
  protectionMode: nullish(openEnum(["HSM", "SOFTWARE", "EXTERNAL"])),
  algorithm: nullish(openEnum(["AES", "RSA", "ECDSA"])),
  freeformTags: readFreeformTags,
  definedTags: readDefinedTags,
};
export const KeySummary = z.object(keySummaryShape);
export type KeySummary = z.output<typeof KeySummary>;
export const Key = z.object({
  ...keySummaryShape,
  currentKeyVersion: z.string(),
  keyShape: z.object({ algorithm: z.string(), length: z.number() }),
  timeOfDeletion: nullish(z.string()),
});
export type Key = z.output<typeof Key>;

/* Identity. */

export const Compartment = z.object({
  id: z.string(),
  compartmentId: nullish(z.string()),
  name: z.string(),
  description: nullish(z.string()),
  timeCreated: nullish(z.string()),
  lifecycleState: nullish(openEnum(["CREATING", "ACTIVE", "INACTIVE", "DELETING", "DELETED"])),
  isAccessible: nullish(z.boolean()),
});
export type Compartment = z.output<typeof Compartment>;
export const Tenancy = z.object({
  id: z.string(),
  name: nullish(z.string()),
  description: nullish(z.string()),
  homeRegionKey: nullish(z.string()),
});
export type Tenancy = z.output<typeof Tenancy>;
export const RegionSubscription = z.object({
  regionKey: z.string(),
  regionName: z.string(),
  status: openEnum(["READY", "IN_PROGRESS"]),
  isHomeRegion: z.boolean(),
});
export type RegionSubscription = z.output<typeof RegionSubscription>;
export const Region = z.object({ key: nullish(z.string()), name: nullish(z.string()) });

/* Limits. */

export const LimitValueSummary = z.object({
  name: z.string(),
  scopeType: openEnum(["GLOBAL", "REGION", "AD"]),
  availabilityDomain: nullish(z.string()),
  value: nullish(z.number()),
});
export type LimitValueSummary = z.output<typeof LimitValueSummary>;

/* Object Storage. */

export const Namespace = z.string();
export const BucketSummary = z.object({
  namespace: z.string(),
  name: z.string(),
  compartmentId: z.string(),
  createdBy: nullish(z.string()),
  timeCreated: nullish(z.string()),
  etag: nullish(z.string()),
});
export type BucketSummary = z.output<typeof BucketSummary>;
export const ObjectSummary = z.object({
  name: z.string(),
  size: nullish(z.number()),
  md5: nullish(z.string()),
  etag: nullish(z.string()),
  timeCreated: nullish(z.string()),
  timeModified: nullish(z.string()),
});
export type ObjectSummary = z.output<typeof ObjectSummary>;
export const ListObjects = z.object({
  objects: z.array(ObjectSummary),
  prefixes: nullish(z.array(z.string())),
  nextStartWith: nullish(z.string()),
});
export type ListObjects = z.output<typeof ListObjects>;
export const parAccessTypes = [
  "ObjectRead",
  "ObjectWrite",
  "ObjectReadWrite",
  "AnyObjectWrite",
  "AnyObjectRead",
  "AnyObjectReadWrite",
] as const;
export const CreatePreauthenticatedRequestDetails = z.object({
  name: text(1, 255),
  accessType: z.enum(parAccessTypes),
  timeExpires: Timestamp,
  objectName: z.optional(objectName),
  bucketListingAction: z.optional(z.enum(["Deny", "ListObjects"])),
});
export const PreauthenticatedRequestSummary = z.object({
  id: z.string(),
  name: z.string(),
  accessType: openEnum(parAccessTypes),
  timeExpires: z.string(),
  timeCreated: nullish(z.string()),
  objectName: nullish(z.string()),
});
export const PreauthenticatedRequest = z.object({
  id: z.string(),
  name: z.string(),
  accessUri: z.string(),
  fullPath: nullish(z.string()),
  accessType: openEnum(parAccessTypes),
  timeExpires: z.string(),
  timeCreated: nullish(z.string()),
  objectName: nullish(z.string()),
});

/* Parameters. */

export const PathNames = { bucketName, namespaceName, objectName };
/** E2: 1..1000 on a page. Arrives as text in a query string. */
export const Limit = z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000));
export const PageToken = z.string().check(z.minLength(1), z.maxLength(1024), withoutControls);
