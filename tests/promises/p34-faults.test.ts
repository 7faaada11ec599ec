// P34: whatever the service does, every operation ends in time with an error that has words, and nothing is left behind.
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explain } from "#lib/bff/refusal.ts";
import { errorStatuses } from "#lib/contract/errors.ts";
import { type OperationName, operationNames, operationRow } from "#lib/contract/operations.ts";
import { type OperationRequest, request } from "#lib/contract/request.ts";
import { createOciClient } from "#lib/oci/client.ts";
import { createEndpoints } from "#lib/oci/endpoints.ts";
import {
  answer,
  cutOff,
  hang,
  refuse,
  reset,
  type ScriptedServer,
  type Step,
  scriptedServer,
} from "#tests/unit/oci/scripted-server.ts";
import { credential } from "#tests/unit/oci/test-credential.ts";
import { isFull } from "./size.ts";

const faults: Readonly<Record<string, Step>> = {
  "400": refuse(400, "InvalidParameter"),
  "401": refuse(401, "NotAuthenticated"),
  "404": refuse(404, "NotAuthorizedOrNotFound"),
  "409": refuse(409, "IncorrectState"),
  "412": refuse(412, "NoEtagMatch"),
  "429": refuse(429, "TooManyRequests"),
  "500": refuse(500, "InternalServerError"),
  "502, HTML": answer(502, "<html>bad gateway</html>"),
  "503": refuse(503, "ServiceUnavailable", { "retry-after": "1" }),
  "504, nothing": answer(504),
  "a status of its own": answer(599, '{"code":7,"message":null}'),
  reset,
  "cut off": cutOff,
  "no answer": hang,
  "JSON that is none": answer(200, '{"id": '),
  "a redirect": answer(307, "", { location: "http://127.0.0.1:9/" }),
  "more than the limit": answer(200, gzipSync(Buffer.alloc(20 * 1024 * 1024)), { "content-encoding": "gzip" }),
  "another model": answer(200, '{"id": 5}'),
};

const place = { region: "us-ashburn-1", priority: "interactive" } as const;
const vaultId = "ocid1.vault.oc1.iad.part.unique";
const compartmentId = "ocid1.compartment.oc1..c";
const bucket = { destination: "BUCKET", namespace: "ns", bucketName: "b", objectName: "o" } as const;
const asked = (
  [
    request("listVaults", { compartmentId }),
    request("getVault", { vaultId }),
    request("getVaultUsage", { vaultId }),
    request("createVault", { body: { compartmentId, displayName: "v", vaultType: "DEFAULT" } }),
    request("updateVault", { vaultId, body: { displayName: "v" } }),
    request("changeVaultCompartment", { vaultId, body: { compartmentId } }),
    request("backupVault", { vaultId, body: { backupLocation: bucket } }),
    request("restoreVaultFromFile", { compartmentId, body: Buffer.from("sealed") }),
    request("restoreVaultFromObjectStore", { compartmentId, body: { backupLocation: bucket } }),
    request("createVaultReplica", { vaultId, body: { replicaRegion: "uk-london-1" } }),
    request("deleteVaultReplica", { vaultId, body: { replicaRegion: "uk-london-1" } }),
    request("listVaultReplicas", { vaultId }),
    request("scheduleVaultDeletion", { vaultId, body: {} }),
    request("cancelVaultDeletion", { vaultId }),
  ] as readonly unknown[]
).map((each) => each as OperationRequest<OperationName>);

let server: ScriptedServer;
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeAll(async () => {
  server = await scriptedServer();
  process.on("unhandledRejection", note);
});
afterAll(async () => {
  process.off("unhandledRejection", note);
  await server.close();
});

const documented = /^(Upstream_\w+|SignatureRefused|TooManyRequests)$/;

describe(`P34: every fault has its answer (${Object.keys(faults).length} × ${asked.length} cases)`, () => {
  it("is about all fourteen operations of the service", () => {
    const vaultOperations = operationNames.filter((name) => operationRow(name).service === "kms");
    expect(asked.map(({ operation }) => operation).sort()).toEqual([...vaultOperations].sort());
  });

  it.each(Object.entries(faults))(
    "%s",
    async (_name, step) => {
      server.script(step);
      const endpoints = createEndpoints({
        overrides: { [place.region]: { kms: server.origin } },
        isOverridesOnly: true,
      });
      await Promise.all(
        asked.map(async (each) => {
          // Each its own: one breaker must not answer for the next operation.
          const client = createOciClient({
            credential,
            endpoints,
            random: () => 0,
            // At full size the client's own: 15 and 60 seconds.
            ...(isFull ? {} : { readTimeoutMs: 900, writeTimeoutMs: 900 }),
          });
          const deadlineMs = isFull ? (operationRow(each.operation).writes ? 60_000 : 15_000) : 900;
          const since = performance.now();
          const error = await client.call(each, place).then(
            () => null,
            (thrown: unknown) => thrown,
          );
          expect(performance.now() - since, each.operation).toBeLessThan(deadlineMs + 4_000);
          await client.close();
          if (error === null) {
            // Without a body to check, any 2xx is a yes.
            expect(operationRow(each.operation).result, each.operation).toBeNull();
            return;
          }
          const { status, code, message, action, why } = explain(error);
          expect(status, `${each.operation}: ${code}`).toBeGreaterThanOrEqual(400);
          expect(status, `${each.operation}: ${code}`).not.toBe(500);
          expect(
            documented.test(code) || Object.hasOwn(errorStatuses, code) || status === 503,
            `${each.operation}: ${code}`,
          ).toBe(true);
          expect(message).toMatch(/\S/);
          if (status >= 500) expect(`${why ?? ""}${action ?? ""}`, each.operation).toMatch(/\S/);
        }),
      );
      expect(unhandled).toEqual([]);
    },
    isFull ? 120_000 : 30_000,
  );
});
