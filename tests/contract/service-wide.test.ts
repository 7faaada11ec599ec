import { describe, expect, test, vi } from "vitest";
import { operationNames, operationRow } from "#lib/contract/operations.ts";
import { Service, unknownOcid, verdict } from "./service.ts";

describe("paths and methods", () => {
  const service = new Service();

  test.each([
    "/",
    "/20180608",
    "/20180608/vaults/",
    "/20180608/vaults/a/b/c/d",
    "/20160918/users",
    "/n/x/y",
    "/%zz",
    "/20180608/vaults/%ff%fe",
    "//",
    "/p",
    "/p/x",
  ])("GET %s is 404", (target) => {
    expect(service.askRaw("GET", target).status).toBe(404);
  });

  test.each([
    ["DELETE", "/20180608/vaults"],
    ["PATCH", `/20180608/vaults/${unknownOcid}`],
    ["GET", `/20180608/vaults/${unknownOcid}/actions/backup`],
    ["POST", "/n"],
    ["OPTIONS", "/20160918/regions"],
  ])("%s %s is 405", (method, target) => {
    expect(verdict(service.askRaw(method, target))).toBe("405 MethodNotAllowed");
  });

  test("restoreFromFile is not a vault's id", () => {
    expect(verdict(service.askRaw("GET", "/20180608/vaults/actions/restoreFromFile"))).toBe("405 MethodNotAllowed");
  });

  test.each(operationNames)("%s unsigned is 401 and changes nothing", (name) => {
    const row = operationRow(name);
    const target = row.path.replace(/\{\w+\}/g, "ocid1.vault.oc1.iad.x.y");
    const before = JSON.stringify([...service.world.all("vault")]);
    expect(service.askUnsigned(row.method, target, { host: "h" }).status).toBe(401);
    expect(JSON.stringify([...service.world.all("vault")])).toBe(before);
  });
});

describe("request ids", () => {
  const service = new Service();
  const ask = (id: string): string =>
    service.askRaw("GET", `/20180608/vaults?compartmentId=${service.compartment}`, {
      headers: { "opc-request-id": id },
    }).headers["opc-request-id"] ?? "";

  test.each([
    ["one segment", "console-7f3a", /^console-7f3a\/[0-9A-F]{32}\/[0-9A-F]{32}$/],
    ["two segments", "a/b", /^a\/b\/[0-9A-F]{32}$/],
    ["three segments", "a/b/c", /^a\/b\/c$/],
    [
      "the TypeScript SDK's 35 characters",
      "0A1B2C3D-4E5F-6071-8293A4B5C6D7E8F9",
      /^0A1B2C3D-4E5F-6071-8293A4B5C6D7E8F9\//,
    ],
    ["something too long", "x".repeat(99), /^[0-9A-F]{32}\/[0-9A-F]{32}\/[0-9A-F]{32}$/],
    ["markup", "<b>hi</b>", /^[0-9A-F]{32}\/[0-9A-F]{32}\/[0-9A-F]{32}$/],
  ])("%s", (_, sent, expected) => {
    expect(ask(sent)).toMatch(expected);
  });

  test("are on refusals too", () => {
    const refused = service.askUnsigned("GET", "/20180608/vaults", { "opc-request-id": "mine" });
    expect(refused.status).toBe(401);
    expect(refused.headers["opc-request-id"]).toMatch(/^mine\//);
  });
});

describe("an error of our own", () => {
  test("is a 500 without a word of it; the cause goes to stderr; nothing is half done", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    vi.spyOn(service.world, "commit").mockImplementation(() => {
      throw new Error("the disk is full at /secret/place");
    });
    const answer = service.ask("scheduleVaultDeletion", { vaultId });
    expect(verdict(answer)).toBe("500 InternalServerError");
    expect(answer.json.message).toBe("Internal server error.");
    expect(String(write.mock.calls[0]?.[0])).toContain("the disk is full");
    vi.restoreAllMocks();
    expect(service.see(vaultId).lifecycleState).toBe("ACTIVE");
  });
});

describe("E10: the throttle", () => {
  const busy = () => {
    const service = new Service({ isThrottled: true });
    const { id: vaultId } = service.addVault();
    const read = () => service.ask("getVault", { vaultId }).status;
    const write = () => service.ask("updateVault", { vaultId, body: { displayName: "x" } }).status;
    const listReplicas = () => service.ask("listVaultReplicas", { vaultId }).status;
    const times = (count: number, call: () => number): number[] => Array.from({ length: count }, call);
    return { service, vaultId, read, write, listReplicas, times };
  };

  test("the eleventh read at once is 429 with retry-after; a tenth of a second brings one back", () => {
    const { service, vaultId, read, times } = busy();
    expect(times(12, read)).toEqual([...Array(10).fill(200), 429, 429]);
    const refused = service.ask("getVault", { vaultId });
    expect(verdict(refused)).toBe("429 TooManyRequests");
    expect(refused.headers["retry-after"]).toBe("1");
    service.pass(100);
    expect(times(2, read)).toEqual([200, 429]);
    service.pass(1000);
    expect(times(11, read)).toEqual([...Array(10).fill(200), 429]);
  });

  test("reads and writes are apart; listVaultReplicas spends a write; other tenancies and Identity spend nothing of ours", () => {
    const { service, vaultId, read, write, listReplicas, times } = busy();
    expect(times(5, listReplicas)).toEqual(Array(5).fill(200));
    expect(times(6, write)).toEqual([...Array(5).fill(200), 429]);
    expect(listReplicas()).toBe(429);
    expect(times(10, read)).toEqual(Array(10).fill(200));
    expect(service.ask("getVault", { vaultId }, { profile: service.stranger }).status).toBe(404);
    expect(service.ask("listRegions", {}).status).toBe(200);
    expect(service.ask("listVaults", { compartmentId: service.compartment }, { region: "uk-london-1" }).status).toBe(
      429,
    );
  });

  test("ten in every sliding second are never refused, whatever the rhythm, nor for 50 ms of jitter", () => {
    for (const rhythm of [[0], [0, 400], [0, 100, 200, 300, 400, 500, 600, 700, 800, 900], [0, 999]]) {
      const { service, read } = busy();
      const start = service.now;
      const sent: number[] = [];
      for (let second = 0; second < 20; second++) {
        for (let index = 0; index < 10; index++) {
          const jitterMs = second % 2 === 0 ? 40 : 0;
          service.now = Math.max(service.now, start + second * 1000 + (rhythm[index % rhythm.length] ?? 0) + jitterMs);
          sent.push(service.now);
          if (sent.length > 10 && service.now - (sent.at(-11) ?? 0) < 950) continue;
          expect(read()).toBe(200);
        }
      }
    }
  });

  test("refused and unsigned calls of others spend nothing", () => {
    const { service, read, times } = busy();
    for (let index = 0; index < 50; index++) service.askUnsigned("GET", "/20180608/vaults", { host: "h" });
    expect(times(10, read)).toEqual(Array(10).fill(200));
  });
});
