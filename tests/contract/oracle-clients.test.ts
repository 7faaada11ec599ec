/** Oracle's own TypeScript clients (2.139.1) against the emulator over HTTP: an outsider who never saw our codec. */
import dns from "node:dns";
import { Readable } from "node:stream";
import { ConfigFileAuthenticationDetailsProvider } from "oci-common";
import { IdentityClient } from "oci-identity";
import { KmsManagementClient, KmsVaultClient, models } from "oci-keymanagement";
import { ObjectStorageClient } from "oci-objectstorage";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Launched, launch } from "./launch.ts";
import { readProfile, send, type TestProfile } from "./signed-client.ts";

let emulator: Launched;
let profile: TestProfile;
let compartmentId: string;
let vaults: KmsVaultClient;
let identity: IdentityClient;
let storage: ObjectStorageClient;
const home = "us-ashburn-1";
const abroad = "eu-frankfurt-1";

/** The clients were made for another oci-common; they only use the provider's methods. */
const at = <Client extends { endpoint: string }>(Client: new (params: never) => Client, address: string): Client => {
  const provider = new ConfigFileAuthenticationDetailsProvider(emulator.announcement.config, "DEFAULT");
  const client = new Client({ authenticationDetailsProvider: provider } as never);
  client.endpoint = address;
  return client;
};

beforeAll(async () => {
  emulator = await launch("--seed", "empty", "--settle-ms", "0", "--no-throttle");
  const { announcement } = emulator;
  profile = readProfile(announcement.config);
  compartmentId = announcement.tenancies[0]?.compartments[0] ?? "";
  vaults = at(KmsVaultClient, announcement.regions[home]?.kms ?? "");
  identity = at(IdentityClient, announcement.regions[home]?.identity ?? "");
  storage = at(ObjectStorageClient, announcement.regions[home]?.objectstorage ?? "");
  // The clients write every failure to the console; here failures are asked for.
  for (const level of ["warn", "error", "log"] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
});
afterAll(async () => {
  for (const client of [vaults, identity, storage]) client?.close();
  await emulator?.stop();
});

const failure = (
  promise: Promise<unknown>,
): Promise<{ statusCode: number; serviceCode: string; opcRequestId: string }> =>
  promise.then(
    () => Promise.reject(new Error("was not refused")),
    (error) => error,
  );

async function makeVault(
  displayName: string,
  vaultType = models.CreateVaultDetails.VaultType.VirtualPrivate,
): Promise<models.Vault> {
  const createVaultDetails = { compartmentId, displayName, vaultType };
  return (await vaults.createVault({ createVaultDetails })).vault;
}

describe("KmsVaultClient", () => {
  test("create, get, list, update with if-match, usage", async () => {
    const created = await vaults.createVault({
      createVaultDetails: {
        compartmentId,
        displayName: "from the SDK é 鍵",
        vaultType: models.CreateVaultDetails.VaultType.Default,
        freeformTags: { made: "by SDK" },
      },
      opcRequestId: "sdk-test",
    });
    expect(created.vault.lifecycleState).toBe("CREATING");
    expect(created.opcRequestId).toMatch(/^sdk-test\//);
    const got = await vaults.getVault({ vaultId: created.vault.id });
    expect(got.vault).toMatchObject({ displayName: "from the SDK é 鍵", lifecycleState: "ACTIVE", isPrimary: true });
    const update = { vaultId: created.vault.id, updateVaultDetails: { displayName: "renamed" } };
    const updated = await vaults.updateVault({ ...update, ifMatch: got.etag });
    expect(updated.vault.displayName).toBe("renamed");
    expect(updated.etag).not.toBe(got.etag);
    expect(await failure(vaults.updateVault({ ...update, ifMatch: got.etag }))).toMatchObject({
      statusCode: 412,
      serviceCode: "NoEtagMatch",
    });
    const usage = await vaults.getVaultUsage({ vaultId: created.vault.id });
    expect(usage.vaultUsage.keyCount).toBe(0);
    expect((await vaults.listVaults({ compartmentId })).items.map(({ id }) => id)).toContain(created.vault.id);
  });

  test("pages with the SDK's own unencoded tokens, sorted", async () => {
    for (const name of ["page-c", "page-a", "page-b"]) await makeVault(name);
    const names: string[] = [];
    const { SortBy } = await import("oci-keymanagement").then(({ requests }) => requests.ListVaultsRequest);
    let page: string | undefined;
    do {
      const answer = await vaults.listVaults({ compartmentId, limit: 2, sortBy: SortBy.Displayname, page });
      names.push(...answer.items.map(({ displayName }) => displayName));
      page = answer.opcNextPage;
    } while (page);
    const own = names.filter((name) => name.startsWith("page-"));
    expect(own).toEqual(["page-a", "page-b", "page-c"]);
  });

  test("a retry token of its own choosing replays", async () => {
    const details = { compartmentId, displayName: "once", vaultType: models.CreateVaultDetails.VaultType.Default };
    const ask = () => vaults.createVault({ createVaultDetails: details, opcRetryToken: "my-token" });
    expect((await ask()).vault.id).toBe((await ask()).vault.id);
  });

  test("schedule (with a date, and with the empty body it sends for {}) and cancel", async () => {
    const { id: vaultId } = await makeVault("to go");
    const timeOfDeletion = new Date(Date.now() + 9 * 86_400_000);
    const scheduled = await vaults.scheduleVaultDeletion({ vaultId, scheduleVaultDeletionDetails: { timeOfDeletion } });
    expect(scheduled.vault.lifecycleState).toBe("SCHEDULING_DELETION");
    expect(new Date(String(scheduled.vault.timeOfDeletion)).getTime()).toBe(timeOfDeletion.getTime());
    expect((await vaults.getVault({ vaultId })).vault.lifecycleState).toBe("PENDING_DELETION");
    expect((await vaults.cancelVaultDeletion({ vaultId })).vault.lifecycleState).toBe("CANCELLING_DELETION");
    const again = await vaults.scheduleVaultDeletion({ vaultId, scheduleVaultDeletionDetails: {} });
    const days = (Date.parse(String(again.vault.timeOfDeletion)) - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(30, 2);
  });

  test("move", async () => {
    const { id: vaultId } = await makeVault("to move");
    await vaults.changeVaultCompartment({ vaultId, changeVaultCompartmentDetails: { compartmentId: profile.tenancy } });
    expect((await vaults.getVault({ vaultId })).vault.compartmentId).toBe(profile.tenancy);
  });

  test("replicas: create, list, status by the management client, delete", async () => {
    const { id: vaultId } = await makeVault("to replicate");
    await vaults.createVaultReplica({ vaultId, createVaultReplicaDetails: { replicaRegion: abroad } });
    const { items } = await vaults.listVaultReplicas({ vaultId, ifMatch: "whatever" });
    expect(items).toMatchObject([{ region: abroad, status: "CREATED" }]);
    const { vault } = await vaults.getVault({ vaultId });
    // Names under .localhost are loopback, but not every resolver knows.
    const lookup = dns.lookup;
    vi.spyOn(dns, "lookup").mockImplementation(((host: string, options: never, done: never) =>
      lookup(host.endsWith(".localhost") ? "127.0.0.1" : host, options, done)) as typeof dns.lookup);
    const management = at(KmsManagementClient, vault.managementEndpoint);
    const replicationId = vault.replicaDetails?.replicationId ?? "";
    const status = await management.getReplicationStatus({ replicationId });
    expect(status.replicationStatusDetails.replicaDetails).toEqual([{ region: abroad, status: "REPLICATED" }]);
    expect((await management.listKeys({ compartmentId })).items).toEqual([]);
    management.close();
    await vaults.deleteVaultReplica({ vaultId, deleteVaultReplicaDetails: { replicaRegion: abroad } });
    expect((await vaults.listVaultReplicas({ vaultId })).items).toEqual([]);
  });

  test("backup to a bucket, restore from it in another region, and of the downloaded file by our own client", async () => {
    const { id: vaultId } = await makeVault("to back up");
    const namespace = (await storage.getNamespace({})).value;
    const backupLocation = {
      destination: "BUCKET",
      namespace,
      bucketName: "vault-backups",
      objectName: "dir/sdk.backup",
    };
    const backupVaultDetails = { backupLocation, isIncludeKeys: true } as models.BackupVaultDetails;
    expect((await vaults.backupVault({ vaultId, backupVaultDetails })).vault.lifecycleState).toBe("BACKUP_IN_PROGRESS");
    const object = { namespaceName: namespace, bucketName: "vault-backups", objectName: "dir/sdk.backup" };
    const file = Buffer.from(await new Response((await storage.getObject(object)).value as BodyInit).arrayBuffer());
    expect(
      await failure(
        vaults.restoreVaultFromObjectStore({
          compartmentId,
          restoreVaultFromObjectStoreDetails: { backupLocation } as never,
        }),
      ),
    ).toMatchObject({
      statusCode: 409,
      serviceCode: "NotAuthorizedOrResourceAlreadyExists",
    });
    const storageAbroad = at(ObjectStorageClient, emulator.announcement.regions[abroad]?.objectstorage ?? "");
    await storageAbroad.putObject({ ...object, putObjectBody: file, contentLength: file.length });
    const vaultsAbroad = at(KmsVaultClient, emulator.announcement.regions[abroad]?.kms ?? "");
    const restored = await vaultsAbroad.restoreVaultFromObjectStore({
      compartmentId,
      restoreVaultFromObjectStoreDetails: { backupLocation } as never,
    });
    expect(restored.vault).toMatchObject({ lifecycleState: "RESTORING", restoredFromVaultId: vaultId });
    // The SDK cannot send binary bodies: the same upload by a signer of our own.
    const sent = await send(profile, emulator.announcement.regions["uk-london-1"]?.kms ?? "", {
      method: "POST",
      target: `/20180608/vaults/actions/restoreFromFile?compartmentId=${compartmentId}`,
      body: file,
      headers: { "content-type": "application/octet-stream" },
    });
    expect([sent.status, sent.json().restoredFromVaultId]).toEqual([200, vaultId]);
    for (const client of [storageAbroad, vaultsAbroad]) client.close();
  });

  test("restoreVaultFromFile sends text only, which is no backup: 400, not 401", async () => {
    const answer = await failure(
      vaults.restoreVaultFromFile({
        compartmentId,
        restoreVaultFromFileDetails: Readable.from([Buffer.from("not a backup")]) as never,
        contentLength: 12,
      }),
    );
    expect(answer).toMatchObject({ statusCode: 400, serviceCode: "InvalidParameter" });
  });

  test("errors arrive with code and request id", async () => {
    const vaultId = "ocid1.vault.oc1.iad.bnobody.abuwcl";
    const answer = await failure(vaults.getVault({ vaultId, opcRequestId: "find-me" }));
    expect(answer).toMatchObject({ statusCode: 404, serviceCode: "NotAuthorizedOrNotFound" });
    expect(answer.opcRequestId).toMatch(/^find-me\//);
  });
});

describe("IdentityClient and ObjectStorageClient", () => {
  test("compartments, tenancy, regions", async () => {
    const { items } = await identity.listCompartments({ compartmentId: profile.tenancy, compartmentIdInSubtree: true });
    expect(items.map(({ id }) => id)).toEqual([compartmentId]);
    expect((await identity.getCompartment({ compartmentId })).compartment.name).toBe("Security");
    expect((await identity.getTenancy({ tenancyId: profile.tenancy })).tenancy.homeRegionKey).toBe("IAD");
    const subscriptions = await identity.listRegionSubscriptions({ tenancyId: profile.tenancy });
    expect(subscriptions.items.map(({ regionName }) => regionName)).toEqual([home, abroad, "uk-london-1"]);
    expect((await identity.listRegions({})).items.length).toBeGreaterThan(3);
  });

  test("buckets, objects, pre-authenticated requests", async () => {
    const namespaceName = (await storage.getNamespace({})).value;
    const bucket = { namespaceName, bucketName: "vault-backups" };
    expect((await storage.listBuckets({ namespaceName, compartmentId })).items.map(({ name }) => name)).toEqual([
      "vault-backups",
    ]);
    const object = { ...bucket, objectName: "dir/a b.bin" };
    const bytes = Buffer.from([0, 255, 13, 10]);
    const put = await storage.putObject({ ...object, putObjectBody: bytes, contentLength: bytes.length });
    const head = await storage.headObject(object);
    expect([head.contentLength, head.eTag]).toEqual([4, put.eTag]);
    const listed = await storage.listObjects({ ...bucket, prefix: "dir/a", fields: "name,size,md5" });
    expect(listed.listObjects.objects).toMatchObject([{ name: "dir/a b.bin", size: 4 }]);
    const { preauthenticatedRequest } = await storage.createPreauthenticatedRequest({
      ...bucket,
      createPreauthenticatedRequestDetails: {
        name: "read",
        accessType: "ObjectRead" as never,
        objectName: object.objectName,
        timeExpires: new Date(Date.now() + 60_000),
      },
    });
    const address = emulator.announcement.regions[home]?.objectstorage ?? "";
    const read = await fetch(address + preauthenticatedRequest.accessUri);
    expect(Buffer.from(await read.arrayBuffer())).toEqual(bytes);
    expect((await storage.listPreauthenticatedRequests(bucket)).items).toHaveLength(1);
    await storage.deleteObject(object);
    expect(await failure(storage.headObject(object))).toMatchObject({ statusCode: 404 });
  });
});
