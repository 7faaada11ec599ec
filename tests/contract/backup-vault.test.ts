import { describe, expect, test } from "vitest";
import { abroad, dayMs, Service, unknownOcid, verdict } from "./service.ts";

const bucketLocation = (objectName = "ledger.backup", bucketName = "backups", namespace = "nsmine") =>
  ({ destination: "BUCKET", namespace, bucketName, objectName }) as const;

describe("backupVault", () => {
  test("BACKUP_IN_PROGRESS, then ACTIVE; the file appears when it is complete and tells nothing", () => {
    const service = new Service();
    const vault = service.addVault({ displayName: "a telling name" });
    const vaultId = vault.id;
    const object = { namespaceName: "nsmine", bucketName: "backups", objectName: "ledger.backup" };
    const answer = service.ask("backupVault", { vaultId, body: { backupLocation: bucketLocation() } });
    expect(answer.json.lifecycleState).toBe("BACKUP_IN_PROGRESS");
    expect(answer.headers["opc-work-request-id"]).toMatch(/^ocid1\.workrequest\./);
    expect(service.ask("headObject", object).status).toBe(404);
    expect(service.ask("listObjects", object).json.objects).toEqual([]);
    service.pass();
    expect(service.see(vaultId).lifecycleState).toBe("ACTIVE");
    const file = service.ask("getObject", object);
    expect(file.status).toBe(200);
    expect(Buffer.from(file.body).includes("a telling name")).toBe(false);
    expect(Buffer.from(file.body).includes(vaultId)).toBe(false);
  });

  test("an older object of the same name stays until the new one is complete", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const object = { namespaceName: "nsmine", bucketName: "backups", objectName: "ledger.backup" };
    service.ask("putObject", { ...object, body: Buffer.from("older") });
    service.pass();
    service.ask("backupVault", { vaultId, body: { backupLocation: bucketLocation() } });
    expect(Buffer.from(service.ask("getObject", object).body).toString()).toBe("older");
    service.pass();
    expect(Buffer.from(service.ask("getObject", object).body).toString()).not.toBe("older");
  });

  test("one at a time: while it runs everything else on the vault is refused", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    service.ask("backupVault", { vaultId, body: { backupLocation: bucketLocation() } });
    expect([
      verdict(service.ask("backupVault", { vaultId, body: { backupLocation: bucketLocation("other") } })),
      verdict(service.ask("updateVault", { vaultId, body: { displayName: "x" } })),
      verdict(service.ask("scheduleVaultDeletion", { vaultId })),
      verdict(service.ask("createVaultReplica", { vaultId, body: { replicaRegion: abroad } })),
    ]).toEqual(Array(4).fill("409 IncorrectState"));
  });

  test("E20: without body or location nothing is written anywhere", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    expect(service.ask("backupVault", { vaultId }).json.lifecycleState).toBe("BACKUP_IN_PROGRESS");
    service.pass();
    expect(service.ask("backupVault", { vaultId, body: {} }).status).toBe(200);
    expect([...service.world.all("object")]).toEqual([]);
  });

  test("writes through a pre-authenticated request, and only through one that may write, is alive, and is this region's", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const bucket = { namespaceName: "nsmine", bucketName: "backups" };
    const makeUri = (accessType: "ObjectWrite" | "ObjectRead" | "AnyObjectWrite", region = "us-ashburn-1"): string => {
      const timeExpires = new Date(service.now + dayMs).toISOString();
      const body = { name: "for backup", accessType, objectName: "par.backup", timeExpires };
      return service.ask("createPreauthenticatedRequest", { ...bucket, body }, { region }).json.fullPath;
    };
    const backup = (uri: string): string => {
      const backupLocation = { destination: "PRE_AUTHENTICATED_REQUEST_URI", uri } as const;
      return verdict(service.ask("backupVault", { vaultId, body: { backupLocation } }));
    };
    const good = makeUri("ObjectWrite");
    expect(backup(makeUri("ObjectRead"))).toBe("404 NotAuthorizedOrNotFound");
    expect(backup(makeUri("ObjectWrite", abroad))).toBe("400 InvalidParameter");
    expect(backup(good.replace("/p/", "/p/x"))).toBe("404 NotAuthorizedOrNotFound");
    expect(backup(good.replace("par.backup", "other"))).toBe("404 NotAuthorizedOrNotFound");
    expect(backup("http://169.254.169.254/opc/v2/")).toBe("400 InvalidParameter");
    expect(backup(good.replace("127.0.0.1", "example.com"))).toBe("400 InvalidParameter");
    expect(backup("https://[not a url")).toBe("400 InvalidParameter");
    expect(backup(`${makeUri("AnyObjectWrite")}par.backup-2`)).toBe("200");
    service.pass();
    expect(backup(good)).toBe("200");
    service.pass();
    expect(service.ask("headObject", { ...bucket, objectName: "par.backup" }).status).toBe(200);
    service.pass(2 * dayMs);
    expect(backup(good)).toBe("404 NotAuthorizedOrNotFound");
  });

  test.each([
    ["an unknown bucket", bucketLocation("o", "nowhere"), "404 NotAuthorizedOrNotFound"],
    ["another tenancy's namespace", bucketLocation("o", "backups", "nsstranger"), "404 NotAuthorizedOrNotFound"],
    ["E6: a bucket of another region", bucketLocation("o", "only-abroad"), "400 InvalidParameter"],
    ["no object name", bucketLocation(""), "400 InvalidParameter"],
    ["a dot as object name", bucketLocation(".."), "400 InvalidParameter"],
    ["an unknown destination", { destination: "TAPE" }, "400 InvalidParameter"],
    ["a location without destination", {}, "400 MissingParameter"],
  ])("refuses %s", (_, backupLocation, expected) => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const rawBody = JSON.stringify({ backupLocation });
    expect(verdict(service.ask("backupVault", { vaultId }, { rawBody }))).toBe(expected);
    expect(service.see(vaultId).lifecycleState).toBe("ACTIVE");
  });

  test("E6: only virtual private vaults; a wrong flag is 400; unknown vaults 404; etags count", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    for (const vaultType of ["DEFAULT", "EXTERNAL"] as const) {
      const other = service.addVault({ vaultType });
      expect(verdict(service.ask("backupVault", { vaultId: other.id }))).toBe("400 InvalidParameter");
    }
    expect(verdict(service.ask("backupVault", { vaultId }, { rawBody: '{"isIncludeKeys":"yes"}' }))).toBe(
      "400 InvalidParameter",
    );
    expect(verdict(service.ask("backupVault", { vaultId: unknownOcid }))).toBe("404 NotAuthorizedOrNotFound");
    expect(verdict(service.ask("backupVault", { vaultId, ifMatch: "x" }))).toBe("412 NoEtagMatch");
  });
});
