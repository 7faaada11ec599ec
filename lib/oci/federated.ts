/**
 * Instance principal and OKE workload identity: the federation calls are those of Oracle's `oci-common`, which is only
 * loaded when one of the two is configured (it costs a quarter of a second and 30 MB). Signing stays ours.
 */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { type Credential, CredentialError, type CredentialKind, tokenTenancy } from "./credentials.ts";
import type { SigningKey } from "./signer.ts";

/** The part of Oracle's providers that is used here. */
interface KeyProvider {
  getKeyId(): Promise<string>;
  getPrivateKey(): string;
  getRegion?(): { regionId: string } | undefined;
}

/** Signs as the compute instance this process runs on. Throws CredentialError elsewhere. */
export async function instancePrincipalCredential(
  options: { metadataUrl?: string; federationUrl?: string } = {},
): Promise<Credential> {
  return federated("instance_principal", "Instance principals work on OCI compute instances only.", async () => {
    const { InstancePrincipalsAuthenticationDetailsProviderBuilder } = await import("oci-common");
    const builder = new InstancePrincipalsAuthenticationDetailsProviderBuilder();
    if (options.metadataUrl !== undefined) builder.metadataBaseUrl = options.metadataUrl;
    if (options.federationUrl !== undefined) builder.federationEndpoint = options.federationUrl;
    return builder.build();
  });
}

/** Signs as the pod's workload identity on an enhanced OKE cluster. Throws CredentialError elsewhere. */
export async function okeWorkloadIdentityCredential(): Promise<Credential> {
  return federated(
    "oke_workload_identity",
    "OKE workload identity works inside enhanced OKE clusters only.",
    async () => {
      const { OkeWorkloadIdentityAuthenticationDetailsProvider } = await import("oci-common");
      // Empty means Kubernetes' own places for the certificate and the service account's token.
      return OkeWorkloadIdentityAuthenticationDetailsProvider.builder("", "");
    },
  );
}

/** Oracle's providers wait for ever where nobody answers. */
const tokenMsMax = 20_000;

async function federated(kind: CredentialKind, hint: string, open: () => Promise<unknown>): Promise<Credential> {
  const name = kind.replaceAll("_", " ");
  const fail = (error: unknown) => new CredentialError(`${name}: no token could be obtained`, hint, error);
  const obtain = <Value>(promise: Promise<Value>) =>
    inTime(promise).catch((error: unknown) => {
      throw fail(error);
    });
  const provider = (await obtain(open())) as KeyProvider;
  let pem = "";
  let key: KeyObject | undefined;
  let pending: Promise<SigningKey> | undefined;

  async function current(): Promise<SigningKey> {
    const keyId = await obtain(provider.getKeyId());
    const currentPem = provider.getPrivateKey();
    if (key === undefined || currentPem !== pem) {
      key = createPrivateKey(currentPem);
      pem = currentPem;
    }
    return { keyId, key };
  }
  // One at a time: parallel renewals in the provider could pair the token of one key with another key.
  const signingKey = () => {
    pending ??= current().finally(() => {
      pending = undefined;
    });
    return pending;
  };

  const tenancy = tokenTenancy((await signingKey()).keyId.slice(3));
  if (tenancy === undefined) throw new CredentialError(`${name}: the token names no tenancy`, hint);
  return { describe: { kind, tenancy, region: provider.getRegion?.()?.regionId }, signingKey };
}

function inTime<Value>(promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing came within ${tokenMsMax / 1000} s`)), tokenMsMax);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
