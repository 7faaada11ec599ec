/** The demo world is worth looking at: everything the console can show is in it. */
import { describe, expect, test } from "vitest";
import { vaultBody } from "#emulator/answers.ts";
import { openBackup } from "#emulator/backup-file.ts";
import { keyAt, placeAt, replicaAt } from "#emulator/lifecycle.ts";
import { servedRegions } from "#emulator/regions.ts";
import { parseSeedName, seedWorld } from "#emulator/seeds/seed.ts";
import { World } from "#emulator/world.ts";
import { vaultLifecycleStates, vaultTypes } from "#lib/contract/models.ts";
import { readResult } from "#lib/contract/request.ts";

const now = Date.parse("2026-05-01T12:00:00Z");
const dayMs = 86_400_000;
const makeWorld = (seed = "demo"): World => {
  const world = new World({ settleMs: 1500, isThrottled: true });
  seedWorld(world, parseSeedName(seed), now);
  return world;
};
const world = makeWorld();
const [main, labs] = [...world.all("tenancy")];
const endpoints = { portOf: () => 9000 };
const places = [...world.all("vault")].flatMap((vault) =>
  servedRegions.flatMap((region) => placeAt(vault, region, now) ?? []),
);
const mine = places.filter(({ vault, isPrimary }) => vault.tenancyId === main?.id && isPrimary);
const names = mine.map(({ vault }) => vault.displayName);

describe("the demo", () => {
  test("two tenancies, 12 compartments in a tree, about 60 vaults in 3 regions", () => {
    const compartments = [...world.all("compartment")].filter(
      ({ tenancyId, parentId }) => tenancyId === main?.id && parentId !== null,
    );
    expect(compartments).toHaveLength(12);
    expect(compartments.some(({ parentId }) => parentId !== main?.id)).toBe(true);
    expect(mine.length).toBeGreaterThanOrEqual(58);
    expect(new Set(mine.map(({ region }) => region)).size).toBe(3);
    expect(places.filter(({ vault, isPrimary }) => vault.tenancyId === labs?.id && isPrimary)).toHaveLength(6);
  });

  test("every state and every type", () => {
    expect(new Set(mine.map(({ lifecycleState }) => lifecycleState))).toEqual(new Set(vaultLifecycleStates));
    expect(new Set(mine.map(({ vault }) => vault.vaultType))).toEqual(new Set(vaultTypes));
  });

  test("deletion dates from 1 to 30 days", () => {
    const pending = mine.filter(({ lifecycleState }) => lifecycleState === "PENDING_DELETION");
    const days = pending
      .map(({ vault }) => Math.round(((vault.timeOfDeletion ?? 0) - now) / dayMs))
      .sort((a, b) => a - b);
    expect(days.length).toBeGreaterThanOrEqual(9);
    expect(new Set(days).size).toBe(days.length);
    expect([days[0], days.at(-1)]).toEqual([1, 29]);
  });

  test("replicas in each status, a namesake, several scripts, a hostile name, tags of both kinds", () => {
    const statuses = mine.flatMap(({ vault }) => replicaAt(vault, now)?.status ?? []);
    expect(new Set(statuses)).toEqual(new Set(["CREATING", "CREATED", "DELETING"]));
    expect(names.filter((name) => name === "billing-signing")).toHaveLength(2);
    for (const script of [
      /\p{Script=Arabic}/u,
      /\p{Script=Cyrillic}/u,
      /\p{Script=Han}/u,
      /\p{Extended_Pictographic}/u,
    ]) {
      expect(
        names.some((name) => script.test(name)),
        String(script),
      ).toBe(true);
    }
    expect(names.some((name) => name.startsWith("<img src=x onerror="))).toBe(true);
    expect(mine.every(({ vault }) => "CreatedBy" in (vault.definedTags["Oracle-Tags"] ?? {}))).toBe(true);
    expect(mine.some(({ vault }) => vault.isVaultReplicable === false)).toBe(true);
    expect(
      mine.filter(({ vault }) => vault.external !== null && vault.external.vendor !== null).length,
    ).toBeGreaterThan(2);
  });

  test("keys with a deletion of their own, in vaults that are active", () => {
    const own = [...world.all("key")].filter(({ timeOfDeletion }) => timeOfDeletion !== null);
    expect(own.length).toBeGreaterThanOrEqual(2);
    for (const key of own) {
      const vault = world.get("vault", key.vaultId);
      expect(vault && keyAt(key, vault, now)?.state).toBe("PENDING_DELETION");
    }
  });

  test("backups that open, one that does not, and something else", () => {
    const objects = [...world.all("object")];
    const opened = objects.map(({ name, content }) => {
      try {
        return [name, openBackup(world, world.readBlob(content?.blobId ?? "")).vault.displayName];
      } catch {
        return [name, null];
      }
    });
    expect(opened.filter(([, vault]) => vault !== null).length).toBeGreaterThan(10);
    expect(opened.filter(([, vault]) => vault === null).map(([name]) => name)).toEqual([
      "incoming/damaged-in-transfer.backup",
      "README.txt",
    ]);
  });

  test("every vault fits the model, and nothing was made in the future", () => {
    for (const place of places) {
      expect(() => readResult("getVault", vaultBody(place, now, endpoints))).not.toThrow();
      expect(place.vault.timeCreated).toBeLessThanOrEqual(now);
    }
  });

  test("the same seed gives the same OCIDs", () => {
    const ids = (one: World): string[] => [...one.all("vault")].map(({ id }) => id);
    expect(ids(makeWorld())).toEqual(ids(world));
    expect([...makeWorld("empty").all("tenancy")].map(({ id }) => id)).toEqual([main?.id, labs?.id]);
    expect(ids(makeWorld("scale:500"))).toEqual(ids(makeWorld("scale:500")));
    expect(new Set(ids(makeWorld("scale:500"))).size).toBe(500);
  });
});
