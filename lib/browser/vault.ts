/** One vault: everything the service says about it, asked for when it is looked at. Keys are `[operation, params]`. */
import { queryOptions } from "@tanstack/react-query";
import type { UsageAnswer } from "#lib/contract/api.ts";
import type { Key, KeySummary, Vault, VaultReplicaSummary, VaultUsage } from "#lib/contract/models.ts";
import type { OperationName } from "#lib/contract/operations.ts";
import type { OperationRequest, Params } from "#lib/contract/request.ts";
import { type Answer, ask, callApi, noAnswer } from "./api.ts";

/** Where a vault is: a replica shares the OCID with its source, so the region belongs to it. */
export interface VaultPlaceId {
  readonly tenancy: string;
  readonly region: string;
  readonly vaultId: string;
}

export interface AskService {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends one operation of the table through our server. The codec arrives with the first question asked: pages that only
 * show the inventory never load it.
 */
export async function askService<Name extends OperationName, Body>(
  operation: Name,
  params: Params<Name>,
  place: { readonly tenancy: string; readonly region: string; readonly managementOf?: string },
  { signal, headers }: AskService = {},
): Promise<Answer<Body>> {
  const { consolePath, encode } = await import("#lib/contract/request.ts").catch(() => {
    throw noAnswer(false);
  });
  const value = { operation, params } as unknown as OperationRequest;
  const wire = encode(value);
  return ask<Body>(consolePath(value, place), {
    method: wire.method,
    headers: { ...wire.headers, ...headers },
    body: wire.body as string | undefined,
    signal,
  });
}

/** Reads the vault as it is now, past every cache: for reading back after a change. */
export const freshly = { "cache-control": "no-cache" } as const;

/** Why a change is made, as our server takes it for the receipt. */
export function whyHeaders(why: {
  readonly reason?: string | undefined;
  readonly ticket?: string | undefined;
}): Record<string, string> {
  return {
    ...(why.reason === undefined ? {} : { "x-ovc-reason": encodeURIComponent(why.reason) }),
    ...(why.ticket === undefined ? {} : { "x-ovc-ticket": encodeURIComponent(why.ticket) }),
  };
}

/** GetVault, with its etag, request id and age. */
export function getVaultQuery({ tenancy, region, vaultId }: VaultPlaceId) {
  return queryOptions({
    queryKey: ["getVault", { tenancy, region, vaultId }] as const,
    queryFn: ({ signal }) => askService<"getVault", Vault>("getVault", { vaultId }, { tenancy, region }, { signal }),
    staleTime: 2000,
    retry: false,
  });
}

/** GetVaultUsage: counts over all compartments, keys pending deletion included. */
export function getVaultUsageQuery({ tenancy, region, vaultId }: VaultPlaceId) {
  return queryOptions({
    queryKey: ["getVaultUsage", { tenancy, region, vaultId }] as const,
    queryFn: ({ signal }) =>
      askService<"getVaultUsage", VaultUsage>("getVaultUsage", { vaultId }, { tenancy, region }, { signal }),
    staleTime: 15_000,
    retry: false,
  });
}

/** How the usage went, from the snapshots the server keeps. */
export function usageTrendQuery({ tenancy, region, vaultId }: VaultPlaceId) {
  return queryOptions({
    queryKey: ["usage", { tenancy, region, vaultId }] as const,
    queryFn: ({ signal }) =>
      callApi<UsageAnswer>(
        "GET",
        `/api/usage?${new URLSearchParams({ tenancy, region, vault: vaultId })}`,
        undefined,
        signal,
      ),
    staleTime: 60_000,
    retry: false,
  });
}

/** ListVaultReplicas, at most one. It spends the write budget, so it is asked once and never polled. */
export function listVaultReplicasQuery({ tenancy, region, vaultId }: VaultPlaceId) {
  return queryOptions({
    queryKey: ["listVaultReplicas", { tenancy, region, vaultId }] as const,
    queryFn: ({ signal }) =>
      askService<"listVaultReplicas", VaultReplicaSummary[]>(
        "listVaultReplicas",
        { vaultId },
        { tenancy, region },
        { signal },
      ),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
  });
}

/** The replicas as they are now, past every cache. */
export async function readReplicas(place: VaultPlaceId): Promise<readonly VaultReplicaSummary[]> {
  const { vaultId } = place;
  const more = { headers: freshly };
  return (await askService<"listVaultReplicas", VaultReplicaSummary[]>("listVaultReplicas", { vaultId }, place, more))
    .body;
}

export interface KeyScope extends VaultPlaceId {
  readonly compartmentId: string;
}

/** ListKeys of one compartment: keys of a vault may lie in any compartment, each is asked on its own. */
export function listKeysQuery({ tenancy, region, vaultId, compartmentId }: KeyScope) {
  return queryOptions({
    queryKey: ["listKeys", { tenancy, region, vaultId, compartmentId }] as const,
    queryFn: ({ signal }) => listAllKeys({ tenancy, region, vaultId, compartmentId }, { signal }),
    staleTime: 15_000,
    retry: false,
  });
}

const keyPagesMax = 20;

/** All pages of ListKeys; throws when there are more than twenty, rather than show a list that is silently short. */
export async function listAllKeys(scope: KeyScope, options: AskService = {}): Promise<KeySummary[]> {
  const { tenancy, region, vaultId, compartmentId } = scope;
  const keys: KeySummary[] = [];
  let page: string | undefined;
  for (let count = 0; count < keyPagesMax; count += 1) {
    const answer = await askService<"listKeys", KeySummary[]>(
      "listKeys",
      { compartmentId, limit: 100, ...(page === undefined ? {} : { page }) },
      { tenancy, region, managementOf: vaultId },
      options,
    );
    keys.push(...answer.body);
    if (answer.nextPage === null) return keys;
    page = answer.nextPage;
  }
  throw new Error(`The vault has more than ${keyPagesMax * 100} keys in this compartment.`);
}

/** GetKey: the only place that tells a key's own deletion date. */
export function getKeyQuery({ tenancy, region, vaultId }: VaultPlaceId, keyId: string) {
  return queryOptions({
    queryKey: ["getKey", { tenancy, region, vaultId, keyId }] as const,
    queryFn: ({ signal }) =>
      askService<"getKey", Key>("getKey", { keyId }, { tenancy, region, managementOf: vaultId }, { signal }),
    staleTime: 15_000,
    retry: false,
  });
}
