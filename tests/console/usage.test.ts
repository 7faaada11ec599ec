// How a vault's usage went: kept when somebody looked, at most every six hours, told to those who see the vault.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UsageAnswer, VaultRow } from "#lib/contract/api.ts";
import { activeVault, eachStore, kmsPath, startTestConsole, type TestConsole } from "./start-console.ts";

let app: TestConsole;
let cookie: string;
let vault: VaultRow;

eachStore((newStore) => {
  beforeAll(async () => {
    app = await startTestConsole({}, await newStore());
    cookie = await app.signIn("helpdesk");
    vault = await activeVault(app, cookie);
  });
  afterAll(() => app.stop());

  const trend = async () => {
    const { tenancy, region, id } = vault;
    const { status, body } = await app.ask("GET", `/api/usage?${new URLSearchParams({ tenancy, region, vault: id })}`, {
      cookie,
    });
    expect(status).toBe(200);
    return (body as UsageAnswer).snapshots;
  };
  const look = () => app.ask("GET", kmsPath(vault, "/usage"), { cookie });

  describe("snapshots of usage", () => {
    it("one for a look, no second one soon after, one more the next day", async () => {
      expect(await trend()).toEqual([]);
      const { body } = await look();
      await expect.poll(async () => (await trend()).length).toBe(1);
      const [first] = await trend();
      const { keyCount } = body as { keyCount: number };
      expect(first?.counts.keyCount).toBe(keyCount);
      await look();
      await look();
      expect(await trend()).toHaveLength(1);
      // As if it had been yesterday.
      await app.db
        .updateTable("usage_snapshots")
        .set({ at: Date.now() - 86_400_000 })
        .execute();
      await look();
      await expect.poll(async () => (await trend()).length).toBe(2);
      const all = await trend();
      expect(all[0]?.at).toBeLessThan(all[1]?.at ?? 0);
    });

    it("is nobody's without a session, and nothing for what is no vault", async () => {
      const { tenancy, region, id } = vault;
      const target = `/api/usage?${new URLSearchParams({ tenancy, region, vault: id })}`;
      expect((await app.ask("GET", target)).status).toBe(401);
      for (const query of ["", "?vault=x", `?tenancy=${tenancy}&region=nowhere&vault=${id}`])
        expect((await app.ask("GET", `/api/usage${query}`, { cookie })).status, query).toBeGreaterThanOrEqual(400);
    });
  });
});
