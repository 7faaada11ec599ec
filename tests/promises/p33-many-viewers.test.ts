// P33: however many look, the service is asked little, nobody sees a 429, and the age of what is shown is there.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inventory, VaultRow } from "#lib/contract/api.ts";
import { kmsPath, startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const viewers = 300;
const seconds = isFull ? 1_200 : 8;
let app: TestConsole;
let inventory: Inventory;
const cookies: string[] = [];

beforeAll(async () => {
  app = await startTestConsole({ seed: { kind: "demo" }, isThrottled: true });
  for (let index = 0; index < viewers; index += 1) cookies.push(await app.signIn("helpdesk"));
  inventory = await app.inventory(cookies[0] ?? "");
}, 60_000);
afterAll(() => app.stop());

describe(`P33: ${viewers} viewers for ${seconds} s (${viewers} cases)`, () => {
  it("poll the list, open vaults, their usage and replicas: ten reads and ten writes a second at most, no 429", async () => {
    const vaults = inventory.vaults.filter(({ lifecycleState }) => lifecycleState === "ACTIVE").slice(0, 60);
    expect(vaults.length).toBeGreaterThan(40);
    const until = Date.now() + seconds * 1_000;
    const statuses = new Map<number, number>();
    let ageless = 0;
    await Promise.all(
      cookies.map(async (cookie, viewer) => {
        let etag = "";
        for (let turn = 0; Date.now() < until; turn += 1) {
          const vault = vaults[(viewer * 7 + turn) % vaults.length] as VaultRow;
          // Most look at the list; some open a vault; one in thirty asks for replicas, which costs a write.
          const look = (viewer + turn) % 30;
          const target =
            look < 20
              ? "/api/inventory"
              : look < 29
                ? kmsPath(vault, look % 2 === 0 ? "" : "/usage")
                : kmsPath(vault, "/actions/listReplicas");
          const headers: Record<string, string> = look < 20 && etag !== "" ? { "if-none-match": etag } : {};
          const answer = await app.ask("GET", target, { cookie, headers });
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          if (look < 20) {
            etag = answer.headers.get("etag") ?? "";
            if ((answer.headers.get("x-ovc-ages") ?? "") === "") ageless += 1;
          } else if (answer.status === 200 && answer.headers.get("x-ovc-read-at") === null) ageless += 1;
          await new Promise((later) => setTimeout(later, 1_000 + ((viewer * 37) % 500)));
        }
      }),
    );
    expect([...statuses.keys()].filter((status) => status !== 200 && status !== 304)).toEqual([]);
    expect(ageless).toBe(0);
    const { maxInAnySecond, byStatus } = (await app.calls()) as unknown as {
      maxInAnySecond: { reads: number; writes: number };
      byStatus: Record<string, number>;
    };
    expect(byStatus["429"]).toBeUndefined();
    expect(maxInAnySecond.reads).toBeLessThanOrEqual(10);
    expect(maxInAnySecond.writes).toBeLessThanOrEqual(10);
    expect([...statuses.values()].reduce((sum, each) => sum + each, 0)).toBeGreaterThan(viewers * 2);
  }, 1_300_000);
});
