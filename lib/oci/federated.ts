/**
 * Instance principal and OKE workload identity: the federation calls are those of Oracle's `oci-common`, which is only
 * loaded when one of the two is configured (it costs a quarter of a second and 30 MB). Signing stays ours.
 */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { type Credential, CredentialError, type CredentialKind, tokenTenancy } from "./credentials.ts";

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

async function federated(kind: CredentialKind, hint: string, open: () => Promise<unknown>): Promise<Credential> {
  const fail = (error: unknown) =>
    new CredentialError(`${kind.replaceAll("_", " ")}: no token could be obtained`, hint, error);
  const provider = (await open().catch((error: unknown) => {
    throw fail(error);
  })) as KeyProvider;
  let pem = "";
  let key: KeyObject | undefined;
  const signingKey = async () => {
    const keyId = await provider.getKeyId().catch((error: unknown) => {
      throw fail(error);
    });
    const currentPem = provider.getPrivateKey();
    if (key === undefined || currentPem !== pem) {
      key = createPrivateKey(currentPem);
      pem = currentPem;
    }
    return { keyId, key };
  };
  const first = await signingKey();
  const tenancy = tokenTenancy(first.keyId.slice(3));
  if (tenancy === undefined)
    throw new CredentialError(`${kind.replaceAll("_", " ")}: the token names no tenancy`, hint);
  return { describe: { kind, tenancy, region: provider.getRegion?.()?.regionId }, signingKey };
}
