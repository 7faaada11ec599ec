/** What goes over the wire, copied literally from the contract: console and emulator share a codec and could be wrong together. */
import { describe, expect, test } from "vitest";
import { type OperationName, operationNames, operations } from "#lib/contract/operations.ts";
import { encode, type OperationRequest, type Params, request } from "#lib/contract/request.ts";

const id = "ocid1.vault.oc1.iad.bzrgvxubaadcw.abuwcljrexampleexampleexampleexampleexampleexampleexampleexample";
const compartmentId = "ocid1.compartment.oc1..aaaaaaaaexample";
const etag = "6e6618d1a7a1f4a4b6f8e6d1c0d5a7e7a1b27107";

function wire<Name extends OperationName>(operation: Name, params: Params<Name>) {
  return encode(request(operation, params) as unknown as OperationRequest);
}

describe("the fourteen operations, as section 1 of the contract lists them", () => {
  const bucket = { destination: "BUCKET", namespace: "ns", bucketName: "b", objectName: "o" } as const;
  test.each([
    [wire("backupVault", { vaultId: id }), "POST", `/20180608/vaults/${id}/actions/backup`],
    [wire("cancelVaultDeletion", { vaultId: id }), "POST", `/20180608/vaults/${id}/actions/cancelDeletion`],
    [
      wire("changeVaultCompartment", { vaultId: id, body: { compartmentId } }),
      "POST",
      `/20180608/vaults/${id}/actions/changeCompartment`,
    ],
    [
      wire("createVault", { body: { compartmentId, displayName: "n", vaultType: "DEFAULT" } }),
      "POST",
      "/20180608/vaults",
    ],
    [
      wire("createVaultReplica", { vaultId: id, body: { replicaRegion: "us-phoenix-1" } }),
      "POST",
      `/20180608/vaults/${id}/actions/createReplica`,
    ],
    [
      wire("deleteVaultReplica", { vaultId: id, body: { replicaRegion: "us-phoenix-1" } }),
      "POST",
      `/20180608/vaults/${id}/actions/deleteReplica`,
    ],
    [wire("getVault", { vaultId: id }), "GET", `/20180608/vaults/${id}`],
    [wire("getVaultUsage", { vaultId: id }), "GET", `/20180608/vaults/${id}/usage`],
    [
      wire("listVaultReplicas", { vaultId: id, limit: 5 }),
      "GET",
      `/20180608/vaults/${id}/actions/listReplicas?limit=5`,
    ],
    [wire("listVaults", { compartmentId }), "GET", `/20180608/vaults?compartmentId=${compartmentId}`],
    [
      wire("restoreVaultFromFile", { compartmentId, body: new Uint8Array([1]) }),
      "POST",
      `/20180608/vaults/actions/restoreFromFile?compartmentId=${compartmentId}`,
    ],
    [
      wire("restoreVaultFromObjectStore", { compartmentId, body: { backupLocation: bucket } }),
      "POST",
      `/20180608/vaults/actions/restoreFromObjectStore?compartmentId=${compartmentId}`,
    ],
    [wire("scheduleVaultDeletion", { vaultId: id }), "POST", `/20180608/vaults/${id}/actions/scheduleDeletion`],
    [wire("updateVault", { vaultId: id, body: {} }), "PUT", `/20180608/vaults/${id}`],
  ])("%#", (encoded, method, target) => {
    expect([encoded.method, encoded.target]).toEqual([method, target]);
  });

  test.each([
    ["backupVault", true, true],
    ["cancelVaultDeletion", true, true],
    ["changeVaultCompartment", true, true],
    ["createVault", true, false],
    ["createVaultReplica", true, true],
    ["deleteVaultReplica", true, true],
    ["getVault", false, false],
    ["getVaultUsage", false, false],
    ["listVaultReplicas", true, true],
    ["listVaults", false, false],
    ["restoreVaultFromFile", true, true],
    ["restoreVaultFromObjectStore", true, true],
    ["scheduleVaultDeletion", true, true],
    ["updateVault", false, true],
  ] as const)("%s: retry token %s, if-match %s", (name, hasToken, hasIfMatch) => {
    const headers = operations[name].headers as readonly string[];
    expect([headers.includes("opc-retry-token"), headers.includes("if-match")]).toEqual([hasToken, hasIfMatch]);
  });

  test.each([
    ["changeVaultCompartment", 204],
    ["createVaultReplica", 202],
    ["deleteVaultReplica", 202],
    ["createVault", 200],
    ["scheduleVaultDeletion", 200],
    ["deleteObject", 204],
  ] as const)("E1: %s succeeds with %i", (name, status) => {
    expect(operations[name].success).toBe(status);
  });
});

describe("headers, queries and bodies", () => {
  test("every header an action takes, by its wire name", () => {
    const { headers, body } = wire("scheduleVaultDeletion", {
      vaultId: id,
      ifMatch: etag,
      opcRetryToken: "token",
      opcRequestId: "request",
      body: { timeOfDeletion: "2026-12-24T01:02:03.000Z" },
    });
    expect(headers).toEqual({
      "if-match": etag,
      "opc-retry-token": "token",
      "opc-request-id": "request",
      "content-type": "application/json",
    });
    expect(body).toBe('{"timeOfDeletion":"2026-12-24T01:02:03.000Z"}');
  });

  test("every query parameter of listVaults, percent-encoded", () => {
    const params = { compartmentId, limit: 50, page: "a+b/c==", sortBy: "DISPLAYNAME", sortOrder: "DESC" } as const;
    const { target } = wire("listVaults", params);
    expect(target).toBe(
      `/20180608/vaults?compartmentId=${compartmentId}&limit=50&page=a%2Bb%2Fc%3D%3D&sortBy=DISPLAYNAME&sortOrder=DESC`,
    );
  });

  test("bodies by the names of section 2", () => {
    const location = { destination: "BUCKET", namespace: "ns", bucketName: "b", objectName: "o" } as const;
    expect(wire("backupVault", { vaultId: id, body: { backupLocation: location, isIncludeKeys: true } }).body).toBe(
      '{"backupLocation":{"destination":"BUCKET","namespace":"ns","bucketName":"b","objectName":"o"},"isIncludeKeys":true}',
    );
    expect(wire("createVaultReplica", { vaultId: id, body: { replicaRegion: "us-phoenix-1" } }).body).toBe(
      '{"replicaRegion":"us-phoenix-1"}',
    );
    expect(wire("cancelVaultDeletion", { vaultId: id }).body).toBeUndefined();
  });

  test("a restored file goes out as bytes with its MD5", () => {
    const bytes = new Uint8Array([0, 255]);
    const { headers, body } = wire("restoreVaultFromFile", {
      compartmentId,
      body: bytes,
      contentMd5: "1B2M2Y8AsgTpgAmY7PhCfg==",
    });
    expect(headers).toEqual({ "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==", "content-type": "application/octet-stream" });
    expect(body).toBe(bytes);
  });

  test("an object name is one percent-encoded segment", () => {
    const { target, headers } = wire("headObject", {
      namespaceName: "ns",
      bucketName: "b",
      objectName: "dir/a b.bin",
      opcRequestId: "r",
    });
    expect(target).toBe("/n/ns/b/b/o/dir%2Fa%20b.bin");
    expect(headers).toEqual({ "opc-client-request-id": "r" });
  });

  test.each([
    [
      wire("listCompartments", { compartmentId, compartmentIdInSubtree: true, accessLevel: "ACCESSIBLE" }),
      `GET /20160918/compartments?compartmentId=${compartmentId}&accessLevel=ACCESSIBLE&compartmentIdInSubtree=true`,
    ],
    [wire("getTenancy", { tenancyId: compartmentId }), `GET /20160918/tenancies/${compartmentId}`],
    [
      wire("listRegionSubscriptions", { tenancyId: compartmentId }),
      `GET /20160918/tenancies/${compartmentId}/regionSubscriptions`,
    ],
    [wire("listRegions", {}), "GET /20160918/regions"],
    [wire("getNamespace", {}), "GET /n"],
    [wire("listBuckets", { namespaceName: "ns", compartmentId }), `GET /n/ns/b?compartmentId=${compartmentId}`],
    [wire("listObjects", { namespaceName: "ns", bucketName: "b", prefix: "x/" }), "GET /n/ns/b/b/o?prefix=x%2F"],
    [wire("listKeys", { compartmentId }), `GET /20180608/keys?compartmentId=${compartmentId}`],
    [wire("getReplicationStatus", { replicationId: id }), `GET /20180608/replicaOperations/${id}/status`],
  ])("%#: the other services", (encoded, expected) => {
    expect(`${encoded.method} ${encoded.target}`).toBe(expected);
  });

  test("seven roads: nothing in the table leads anywhere else", () => {
    for (const name of operationNames) expect(operations[name].path).toMatch(/^\/(20180608|20160918|20190729|n)(\/|$)/);
  });
});
