import { describe, expect, test } from "vitest";
import { destroy, makeBackup } from "./backups.ts";
import { abroad, dayMs, verdict } from "./service.ts";

describe("restoreVaultFromObjectStore", () => {
  test("reads the file itself, from the bucket", () => {
    const { service, vault, objectName } = makeBackup(true);
    destroy(service, vault.id);
    const backupLocation = { destination: "BUCKET", namespace: "nsmine", bucketName: "backups", objectName } as const;
    const answer = service.ask("restoreVaultFromObjectStore", {
      compartmentId: service.compartment,
      body: { backupLocation },
    });
    expect(answer.json).toMatchObject({ id: vault.id, lifecycleState: "RESTORING" });
    expect(answer.headers["opc-work-request-id"]).toMatch(/^ocid1\./);
    expect(answer.headers["opc-content-md5"]).toBeUndefined();
    service.pass();
    expect(service.see(vault.id).lifecycleState).toBe("ACTIVE");
    expect(service.ask("getVaultUsage", { vaultId: vault.id }).json.keyCount).toBe(1);
  });

  test("reads through a pre-authenticated request that may read", () => {
    const { service, vault, objectName } = makeBackup(true);
    destroy(service, vault.id);
    const uriFor = (accessType: "ObjectRead" | "ObjectWrite"): string => {
      const body = { name: "p", accessType, objectName, timeExpires: new Date(service.now + dayMs).toISOString() };
      return service.ask("createPreauthenticatedRequest", { namespaceName: "nsmine", bucketName: "backups", body }).json
        .fullPath;
    };
    const restore = (uri: string) => {
      const backupLocation = { destination: "PRE_AUTHENTICATED_REQUEST_URI", uri } as const;
      return verdict(
        service.ask("restoreVaultFromObjectStore", { compartmentId: service.compartment, body: { backupLocation } }),
      );
    };
    expect(restore(uriFor("ObjectWrite"))).toBe("404 NotAuthorizedOrNotFound");
    expect(restore("http://127.0.0.1:22/p/x/n/nsmine/b/backups/o/x")).toBe("400 InvalidParameter");
    expect(restore(uriFor("ObjectRead"))).toBe("200");
  });

  test.each([
    ["E20: no body", undefined, "400 MissingParameter"],
    ["E20: no location", "{}", "400 MissingParameter"],
    ["an unknown object", { objectName: "nothing" }, "404 NotAuthorizedOrNotFound"],
    ["an unknown bucket", { bucketName: "nowhere" }, "404 NotAuthorizedOrNotFound"],
    ["another tenancy's namespace", { namespace: "nsstranger" }, "404 NotAuthorizedOrNotFound"],
    ["another region's bucket", { bucketName: "only-abroad" }, "400 InvalidParameter"],
    ["an unknown destination", { destination: "TAPE" }, "400 InvalidParameter"],
    ["a file that is no backup", { objectName: "note.txt" }, "400 InvalidParameter"],
  ])("refuses %s", (_, change, expected) => {
    const { service, vault, objectName } = makeBackup(true);
    destroy(service, vault.id);
    const object = { namespaceName: "nsmine", bucketName: "backups", objectName: "note.txt" };
    service.ask("putObject", { ...object, body: Buffer.from("just a note") });
    const backupLocation = { destination: "BUCKET", namespace: "nsmine", bucketName: "backups", objectName };
    const rawBody =
      change === undefined
        ? ""
        : typeof change === "string"
          ? change
          : JSON.stringify({ backupLocation: { ...backupLocation, ...change } });
    const { compartment: compartmentId } = service;
    expect(verdict(service.ask("restoreVaultFromObjectStore", { compartmentId }, { rawBody }))).toBe(expected);
  });

  test("E13 and E12 hold here too: the object must be copied to the other region first", () => {
    const { service, vault, file, objectName } = makeBackup(true);
    const backupLocation = { destination: "BUCKET", namespace: "nsmine", bucketName: "backups", objectName } as const;
    const params = { compartmentId: service.compartment, body: { backupLocation } };
    expect(verdict(service.ask("restoreVaultFromObjectStore", params))).toBe(
      "409 NotAuthorizedOrResourceAlreadyExists",
    );
    expect(verdict(service.ask("restoreVaultFromObjectStore", params, { region: abroad }))).toBe(
      "404 NotAuthorizedOrNotFound",
    );
    const object = { namespaceName: "nsmine", bucketName: "backups", objectName };
    service.ask("putObject", { ...object, body: file }, { region: abroad });
    const { json } = service.ask("restoreVaultFromObjectStore", params, { region: abroad });
    expect(json.restoredFromVaultId).toBe(vault.id);
    expect(json.id).not.toBe(vault.id);
  });
});
