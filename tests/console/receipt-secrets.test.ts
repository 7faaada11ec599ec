// Addresses and secrets that are enough by themselves: who holds them may write, read or sign in. No receipt keeps one.
import { afterAll, beforeAll, expect, it } from "vitest";
import { eachStore, kmsPath, startTestConsole, type TestConsole } from "./start-console.ts";

let bff: TestConsole;
let cookie: string;
eachStore((newStore) => {
  beforeAll(async () => {
    bff = await startTestConsole({}, await newStore());
    cookie = await bff.signIn("admin");
  });
  afterAll(() => bff.stop());

  const trail = async () => JSON.stringify((await bff.ask("GET", "/api/activity", { cookie })).body);

  it("a pre-authenticated address that was made, and one that was given", async () => {
    const vault = (await bff.inventory(cookie)).vaults.find(
      (each) =>
        each.lifecycleState === "ACTIVE" && each.vaultType === "VIRTUAL_PRIVATE" && each.tenancy === bff.tenancy,
    );
    if (vault === undefined) throw new Error("the demo has no such vault");
    const storage = `/api/oci/${vault.tenancy}/objectstorage/${vault.region}/n`;
    const namespace = (await bff.ask("GET", storage, { cookie })).body;
    const { compartments } = (await bff.inventory(cookie)).tenancies.find(({ id }) => id === vault.tenancy) ?? {
      compartments: [],
    };
    let bucket = "";
    for (const { id } of compartments) {
      const found = await bff.ask("GET", `${storage}/${namespace}/b?compartmentId=${id}`, { cookie });
      bucket ||= (found.body as { name: string }[])[0]?.name ?? "";
    }
    const made = await bff.ask("POST", `${storage}/${namespace}/b/${bucket}/p`, {
      cookie,
      body: {
        name: "x",
        accessType: "ObjectWrite",
        objectName: "x",
        timeExpires: new Date(Date.now() + 86_400_000).toISOString(),
      },
    });
    expect(made.status, JSON.stringify(made.body)).toBe(200);
    const { accessUri, fullPath } = made.body as { accessUri: string; fullPath: string };
    const secret = accessUri.split("/")[2] ?? "";
    expect(secret.length).toBeGreaterThan(20);
    const sent = await bff.ask("POST", `${kmsPath(vault)}/actions/backup`, {
      cookie,
      body: { backupLocation: { destination: "PRE_AUTHENTICATED_REQUEST_URI", uri: fullPath } },
    });
    expect(sent.status, JSON.stringify(sent.body)).toBe(200);
    const kept = await trail();
    expect(kept).toContain("createPreauthenticatedRequest");
    expect(kept).toContain("backupVault");
    expect(kept).not.toContain(secret);
    expect(kept).toContain("(not recorded)");
  });

  it("the secret of an external key manager", async () => {
    const secret = "canary-of-a-key-manager";
    const made = await bff.ask("POST", `/api/oci/${bff.tenancy}/kms/us-ashburn-1/20180608/vaults`, {
      cookie,
      body: {
        compartmentId: bff.tenancy,
        displayName: "outside",
        vaultType: "EXTERNAL",
        externalKeyManagerMetadata: {
          externalVaultEndpointUrl: "https://keys.example.com/vault",
          privateEndpointId: "ocid1.privateendpoint.oc1.iad.a",
          oauthMetadata: {
            clientAppId: "app",
            clientAppSecret: secret,
            idcsAccountNameUrl: "https://idcs.example.com",
          },
        },
      },
    });
    expect(made.status, JSON.stringify(made.body)).toBe(200);
    const kept = await trail();
    expect(kept).toContain("outside");
    expect(kept).not.toContain(secret);
  });
});
