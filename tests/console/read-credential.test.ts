// Reads are signed by a user who may only read; a bug of ours could not change anything with it.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "#lib/bff/config.ts";
import { openTenancies } from "#lib/bff/tenancies.ts";
import type { VaultRow } from "#lib/contract/api.ts";
import { request } from "#lib/contract/request.ts";
import { createOciClient } from "#lib/oci/client.ts";
import { readOciConfig } from "#lib/oci/config-file.ts";
import { createEndpoints } from "#lib/oci/endpoints.ts";
import { activeVault, kmsPath, startTestConsole, type TestConsole } from "./start-console.ts";

interface CallsWithUsers {
  calls: { method: string; operation: string; user: string; tenancy: string }[];
}

let app: TestConsole;
let admin: string;
let vault: VaultRow;
beforeAll(async () => {
  app = await startTestConsole();
  admin = await app.signIn("admin");
  vault = await activeVault(app, admin);
});
afterAll(() => app.stop());

const configFile = () => app.configFile;

describe("a principal for reading", () => {
  it("signs every read, and the other one every change", async () => {
    expect((await app.ask("GET", kmsPath(vault, "/usage"), { cookie: admin })).status).toBe(200);
    expect((await app.ask("GET", kmsPath(vault, "/actions/listReplicas"), { cookie: admin })).status).toBe(200);
    const body = { displayName: vault.displayName };
    expect((await app.ask("PUT", kmsPath(vault), { cookie: admin, body })).status).toBe(200);
    const { calls } = (await app.calls()) as unknown as CallsWithUsers;
    expect(calls.length).toBeGreaterThan(30);
    for (const { method, operation, user } of calls)
      expect(user.endsWith("reader"), `${operation} by ${user}`).toBe(method === "GET" || method === "HEAD");
    expect(calls.some(({ method }) => method === "PUT")).toBe(true);
  });

  it("cannot change anything: the service says no", async () => {
    const profiles = await readOciConfig(configFile(), { profiles: ["DEFAULT_READER"] });
    const [reader] = profiles;
    if (reader === undefined) throw new Error("no reader");
    const endpoints = createEndpoints({ overrides: app.regions, isOverridesOnly: true });
    const client = createOciClient({ credential: reader.credential, endpoints });
    const place = { region: vault.region, priority: "interactive" } as const;
    const read = await client.call(request("getVault", { vaultId: vault.id }), place);
    expect(read.status).toBe(200);
    for (const change of [
      request("updateVault", { vaultId: vault.id, body: { displayName: "x" } }),
      request("scheduleVaultDeletion", { vaultId: vault.id, body: {} }),
    ])
      await expect(client.call(change, place)).rejects.toMatchObject({ code: "NotAuthorizedOrNotFound" });
    await client.close();
  });

  it("must be another user, of a tenancy that is there, from a configuration file", async () => {
    const text = readFileSync(configFile(), "utf8");
    expect(text).toContain("[DEFAULT_READER]");
    const open = (env: Record<string, string>) => {
      const config = loadConfig({
        DATA_DIR: app.dataDir,
        OCI_CONFIG_FILE: configFile(),
        NODE_ENV: "production",
        ...env,
      });
      return openTenancies(config, null, { debug: () => undefined } as never);
    };
    await expect(open({ OCI_PROFILES: "DEFAULT", OCI_READ_PROFILES: "DEFAULT" })).rejects.toThrow(
      /OCI_READ_PROFILES.*same user/,
    );
    await expect(open({ OCI_PROFILES: "DEFAULT", OCI_READ_PROFILES: "LABS_READER" })).rejects.toThrow(
      /OCI_READ_PROFILES.*tenancy/,
    );
    const well = await open({ OCI_PROFILES: "DEFAULT", OCI_READ_PROFILES: "DEFAULT_READER" });
    expect(well.all).toHaveLength(1);
    await well.close();
    expect(() => loadConfig({ OCI_AUTH: "instance_principal", OCI_READ_PROFILES: "x" })).toThrow(/OCI_READ_PROFILES/);
  });
});
