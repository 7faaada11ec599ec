/** The JSON of answers: absent optional values are explicit nulls, times RFC 3339 with milliseconds and Z (contract, section 2). */
import { createHash } from "node:crypto";
import { type Endpoints, regionAddress, vaultAddress } from "./endpoints.ts";
import { type KeyAt, replicaAt, timeOfDeletionAt, type VaultPlace } from "./lifecycle.ts";
import type {
  BucketRecord,
  CompartmentRecord,
  KeyRecord,
  ObjectContent,
  PreauthenticatedRecord,
  TenancyRecord,
} from "./records.ts";
import { findRegion } from "./regions.ts";

/** RFC 3339 in UTC with milliseconds; null stays null. */
export function wireTime(ms: number): string;
export function wireTime(ms: number | null): string | null;
export function wireTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** E19: 40 hex characters that change with each field and each state. */
export function vaultEtag(place: VaultPlace, now: number): string {
  const { vault, region, lifecycleState, isPrimary } = place;
  const replica = replicaAt(vault, now) === undefined ? "" : vault.replica?.replicationId;
  return sha1([vault.id, region, vault.revision, lifecycleState, isPrimary, replica].join("|"));
}

/** 40 hex characters over a text. */
export function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

/** A row of ListVaults. `externalVendorMetadata` is a field no model has, as the real service sends one. */
export function vaultSummaryBody(place: VaultPlace, endpoints: Endpoints): Record<string, unknown> {
  const { vault, region } = place;
  return {
    id: vault.id,
    compartmentId: vault.compartmentId,
    displayName: vault.displayName,
    vaultType: vault.vaultType,
    lifecycleState: place.lifecycleState,
    timeCreated: wireTime(vault.timeCreated),
    cryptoEndpoint: vaultAddress(endpoints, vault.id, region, "crypto"),
    managementEndpoint: vaultAddress(endpoints, vault.id, region, "management"),
    freeformTags: vault.freeformTags,
    definedTags: vault.definedTags,
    externalKeyManagerMetadataSummary: externalBody(place),
    externalVendorMetadata: null,
  };
}

function externalBody({ vault: { external } }: VaultPlace): Record<string, unknown> | null {
  if (external === null) return null;
  const { externalVaultEndpointUrl, privateEndpointId, vendor, idcsAccountNameUrl, clientAppId } = external;
  return {
    externalVaultEndpointUrl,
    privateEndpointId,
    vendor,
    oauthMetadataSummary: { idcsAccountNameUrl, clientAppId },
  };
}

/** What GetVault and the vault actions answer. */
export function vaultBody(place: VaultPlace, now: number, endpoints: Endpoints): Record<string, unknown> {
  const { vault } = place;
  const replica = replicaAt(vault, now);
  return {
    ...vaultSummaryBody(place, endpoints),
    wrappingkeyId: vault.wrappingkeyId,
    timeOfDeletion: wireTime(timeOfDeletionAt(vault, now)),
    restoredFromVaultId: vault.restoredFromVaultId,
    replicaDetails: replica === undefined ? null : { replicationId: replica.replicationId },
    isPrimary: place.isPrimary,
    isVaultReplicable: vault.isVaultReplicable,
  };
}

/** A row of ListKeys. */
export function keySummaryBody(key: KeyRecord, at: KeyAt): Record<string, unknown> {
  return {
    id: key.id,
    compartmentId: key.compartmentId,
    vaultId: key.vaultId,
    displayName: key.displayName,
    lifecycleState: at.state,
    timeCreated: wireTime(key.timeCreated),
    protectionMode: key.protectionMode,
    algorithm: key.algorithm,
    freeformTags: key.freeformTags,
    definedTags: key.definedTags,
    isAutoRotationEnabled: null,
    externalKeyReferenceDetails: null,
  };
}

/** What GetKey answers. */
export function keyBody(key: KeyRecord, at: KeyAt): Record<string, unknown> {
  return {
    ...keySummaryBody(key, at),
    currentKeyVersion: key.currentKeyVersion,
    keyShape: { algorithm: key.algorithm, length: key.length, curveId: null },
    timeOfDeletion: wireTime(at.timeOfDeletion),
    restoredFromKeyId: null,
    replicaDetails: null,
    isPrimary: null,
    autoKeyRotationDetails: null,
  };
}

/** The root names itself as its parent: the answer's model wants a string there. */
export function compartmentBody(compartment: CompartmentRecord): Record<string, unknown> {
  return {
    id: compartment.id,
    compartmentId: compartment.parentId ?? compartment.id,
    name: compartment.name,
    description: compartment.description,
    timeCreated: wireTime(compartment.timeCreated),
    lifecycleState: compartment.lifecycleState,
    inactiveStatus: null,
    isAccessible: compartment.isAccessible,
    freeformTags: compartment.freeformTags,
    definedTags: compartment.definedTags,
  };
}

export function tenancyBody(tenancy: TenancyRecord): Record<string, unknown> {
  return {
    id: tenancy.id,
    name: tenancy.name,
    description: tenancy.description,
    homeRegionKey: findRegion(tenancy.homeRegion)?.key ?? "",
    upiIdcsCompatibilityLayerEndpoint: null,
    freeformTags: {},
    definedTags: {},
  };
}

export function bucketBody(bucket: BucketRecord): Record<string, unknown> {
  return {
    namespace: bucket.namespace,
    name: bucket.name,
    compartmentId: bucket.compartmentId,
    createdBy: bucket.createdBy,
    timeCreated: wireTime(bucket.timeCreated),
    etag: bucket.etag,
  };
}

/** Headers of an object in Head and Get. */
export function objectHeaders(content: ObjectContent): Record<string, string> {
  return {
    etag: content.etag,
    "content-md5": content.md5,
    "content-type": "application/octet-stream",
    "last-modified": new Date(content.timeModified).toUTCString(),
    "accept-ranges": "bytes",
  };
}

export function preauthenticatedBody(request: PreauthenticatedRecord): Record<string, unknown> {
  return {
    id: request.id,
    name: request.name,
    accessType: request.accessType,
    timeExpires: wireTime(request.timeExpires),
    timeCreated: wireTime(request.timeCreated),
    objectName: request.objectName,
    bucketListingAction: request.bucketListingAction,
  };
}

/** Path and full address of a new pre-authenticated request; the only time the secret is shown. */
export function preauthenticatedAddress(
  bucket: BucketRecord,
  secret: string,
  objectName: string | null,
  endpoints: Endpoints,
): { accessUri: string; fullPath: string } {
  const object = (objectName ?? "").split("/").map(encodeURIComponent).join("/");
  const accessUri = `/p/${secret}/n/${bucket.namespace}/b/${encodeURIComponent(bucket.name)}/o/${object}`;
  return { accessUri, fullPath: `${regionAddress(endpoints, bucket.region)}${accessUri}` };
}
