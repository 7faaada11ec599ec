// P35: asking again is bounded and never does a thing twice.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator } from "#emulator/start.ts";
import { request } from "#lib/contract/request.ts";
import { createOciClient } from "#lib/oci/client.ts";
import { readOciConfig } from "#lib/oci/config-file.ts";
import { createEndpoints } from "#lib/oci/endpoints.ts";
import { createPace } from "#lib/oci/pace.ts";
import { isFull } from "./size.ts";

const lost = isFull ? 1_000 : 60;
const failing = isFull ? 3_000 : 1_500;
let emulator: Awaited<ReturnType<typeof startEmulator>>;
let folder: string;
let compartmentId: string;
let open: (options?: object) => ReturnType<typeof createOciClient>;
const region = "us-ashburn-1";
const here = { region, priority: "interactive" } as const;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ovc-retries-"));
  emulator = await startEmulator({ seed: { kind: "demo" }, settleMs: 0, isThrottled: false, directory: folder });
  const { config, regions } = emulator.announcement;
  const [profile] = await readOciConfig(config, { profiles: ["DEFAULT"] });
  if (profile === undefined) throw new Error("no profile");
  compartmentId = profile.tenancy;
  const endpoints = createEndpoints({ overrides: { ...regions }, isOverridesOnly: true });
  open = (options = {}) =>
    createOciClient({
      credential: profile.credential,
      endpoints,
      pace: createPace({ limit: 1_000 }),
      random: () => 0,
      ...options,
    });
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

async function control(method: string, path: string, body?: unknown): Promise<{ byOperation: Record<string, number> }> {
  const answer = await fetch(emulator.announcement.control + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as { byOperation: Record<string, number> };
}

describe(`P35: exactly one effect when the answer is lost after the commit (${lost.toLocaleString("en-GB")} cases)`, () => {
  it("creates one vault for each, by the token it was sent with", async () => {
    let client = open();
    const name = `lost ${randomUUID()}`;
    for (let index = 0; index < lost; index += 1) {
      // So many lost answers in a row would use up the budget of one client, which is the next promise.
      if (index % 50 === 0) client = open();
      await control("POST", "/faults", { operation: "createVault", kind: "lostAnswer", times: 1 });
      await client.call(
        request("createVault", { body: { compartmentId, displayName: name, vaultType: "DEFAULT" } }),
        here,
      );
    }
    expect((await control("GET", "/calls")).byOperation.createVault).toBe(2 * lost);
    let made = 0;
    let page: string | undefined;
    do {
      const { data, opcNextPage } = await client.call(request("listVaults", { compartmentId, limit: 500, page }), here);
      made += data.filter(({ displayName }) => displayName === name).length;
      page = opcNextPage;
    } while (page !== undefined);
    expect(made).toBe(lost);
    await client.close();
  }, 300_000);

  it("updateVault, which has no token, is asked once", async () => {
    const client = open();
    const { data } = await client.call(request("listVaults", { compartmentId, limit: 1 }), here);
    const before = (await control("GET", "/calls")).byOperation.updateVault ?? 0;
    await control("POST", "/faults", { operation: "updateVault", kind: "lostAnswer", times: 1 });
    const vaultId = data[0]?.id ?? "";
    await expect(
      client.call(request("updateVault", { vaultId, body: { displayName: "x" } }), here),
    ).rejects.toMatchObject({
      isOutcomeUnknown: true,
    });
    expect((await control("GET", "/calls")).byOperation.updateVault).toBe(before + 1);
    await client.close();
  });
});

describe(`P35: a service that fails for good is not asked much more often (${failing.toLocaleString("en-GB")} cases)`, () => {
  it("at most a fifth more calls than were asked for, breaker or not", async () => {
    for (const breaker of [{}, { failuresToOpen: 1_000_000 }]) {
      const client = open({ breaker });
      await control("DELETE", "/calls");
      await control("POST", "/faults", { operation: "getVaultUsage", kind: "status", status: 503 });
      for (let index = 0; index < failing; index += 50) {
        await Promise.all(
          Array.from({ length: 50 }, () =>
            client
              .call(request("getVaultUsage", { vaultId: "ocid1.vault.oc1.iad.part.unique" }), here)
              .catch(() => undefined),
          ),
        );
      }
      await control("DELETE", "/faults");
      const reached = (await control("GET", "/calls")).byOperation.getVaultUsage ?? 0;
      expect(reached, JSON.stringify(breaker)).toBeLessThanOrEqual(1.2 * failing);
      await client.close();
    }
  }, 300_000);
});
