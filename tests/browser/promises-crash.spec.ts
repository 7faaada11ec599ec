// P43 on the running product: what was acknowledged is there after a kill, and a stop lets everything under way finish.
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProduct } from "../../scripts/product.ts";
import { isFull } from "../promises/size.ts";
import { expect, test } from "./harness.ts";
import { openWire, type Wire } from "./wire.ts";

const kills = isFull ? 25 : 3;

interface Row {
  readonly tenancy: string;
  readonly region: string;
  readonly id: string;
  readonly lifecycleState: string;
  readonly details?: { readonly isPrimary: boolean | null };
}

async function activeVaults(wire: Wire, cookie: string): Promise<Row[]> {
  for (let turn = 0; turn < 200; turn += 1) {
    const { vaults, tenancies } = JSON.parse((await wire.send("GET", "/api/inventory", { cookie })).text);
    const isRead = tenancies.every(
      (each: { partsTotal: number; partsRead: number }) => each.partsTotal > 0 && each.partsRead === each.partsTotal,
    );
    if (isRead) return vaults.filter((row: Row) => row.lifecycleState === "ACTIVE" && row.details?.isPrimary !== false);
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error("the inventory was not read");
}

const pathOf = ({ tenancy, region, id }: Row, action = "") =>
  `/api/oci/${tenancy}/kms/${region}/20180608/vaults/${id}${action}`;

test(`P43: nothing acknowledged is lost by a kill: receipts, ended sessions, requests for approval (${kills} cases)`, async () => {
  test.setTimeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), "ovc-crash-"));
  const settings = { DATA_DIR: join(folder, "data"), FOUR_EYES: "on" };
  const receipts = new Set<string>();
  const approvals = new Set<string>();
  const ended: string[] = [];
  let kept = "";
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const product = await startProduct(settings);
      const wire = openWire(product);
      const cookie = kept === "" ? await wire.signIn("admin") : kept;
      kept = cookie;
      // The session of before the kill still counts, and the ended ones do not.
      expect((await wire.send("GET", "/api/people", { cookie })).status).toBe(200);
      for (const gone of ended) expect((await wire.send("GET", "/api/people", { cookie: gone })).status).toBe(401);
      const vaults = await activeVaults(wire, cookie);
      const other = await wire.signIn("admin");
      expect((await wire.send("DELETE", "/api/session", { cookie: other })).status).toBe(200);
      ended.push(other);
      let isDead = false;
      const work = vaults.slice(0, 6).map(async (row, index) => {
        for (let turn = 0; !isDead; turn += 1) {
          const body = JSON.stringify({ freeformTags: { turn: `${kill}-${turn}` } });
          const answer = await wire.send("PUT", pathOf(row), { cookie, body }).catch(() => null);
          const receipt = answer?.headers["x-ovc-receipt"];
          if (answer?.status === 200 && typeof receipt === "string") receipts.add(receipt);
          if (turn > 0 || index > 2) continue;
          const etag = String(answer?.headers.etag ?? "");
          const asked = await wire
            .send("POST", pathOf(row, "/actions/scheduleDeletion"), {
              cookie,
              body: JSON.stringify({ timeOfDeletion: new Date(Date.now() + 20 * 86_400_000).toISOString() }),
              headers: {
                "if-match": etag,
                "x-ovc-ask": "approval",
                "x-ovc-reason": encodeURIComponent("A story about a power cut"),
              },
            })
            .catch(() => null);
          if (asked?.status === 202) approvals.add(JSON.parse(asked.text).approval);
        }
      });
      await new Promise((later) => setTimeout(later, 1_500 + kill * 300));
      isDead = true;
      await product.kill();
      await Promise.all(work);
      wire.close();
    }
    const product = await startProduct(settings);
    const wire = openWire(product);
    expect(receipts.size).toBeGreaterThan(kills * 3);
    expect(approvals.size).toBeGreaterThan(0);
    for (const gone of ended) expect((await wire.send("GET", "/api/people", { cookie: gone })).status).toBe(401);
    const trail = (await wire.send("GET", "/api/activity/export?format=jsonl", { cookie: kept })).text;
    expect([...receipts].filter((receipt) => !trail.includes(receipt))).toEqual([]);
    const told = (await wire.send("GET", "/api/approvals", { cookie: kept })).text;
    expect([...approvals].filter((approval) => !told.includes(approval))).toEqual([]);
    // What a kill cut off is looked up at the service, and settled within a minute of the start.
    const open = async () => {
      const { text } = await wire.send("GET", "/api/activity/export?format=jsonl", { cookie: kept });
      const entries = text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { result: string });
      return entries.filter(({ result }) => result === "pending" || result === "unknown").length;
    };
    await expect.poll(open, { timeout: 60_000, intervals: [1_000] }).toBe(0);
    const verdict = JSON.parse((await wire.send("GET", "/api/activity/verify", { cookie: kept })).text);
    expect(verdict).toMatchObject({ isIntact: true });
    wire.close();
    expect(await product.stop()).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("P43: a stop lets two hundred requests under way finish, and takes no new ones (200 cases)", async () => {
  test.setTimeout(120_000);
  const product = await startProduct();
  const wire = openWire(product, { sockets: 300 });
  const cookie = await wire.signIn("admin");
  const [row] = await activeVaults(wire, cookie);
  if (row === undefined) throw new Error("the demo has no active vault");
  const fault = { operation: "getVaultUsage", kind: "latency", ms: 2_500 };
  await fetch(`${product.control}/faults`, { method: "POST", body: JSON.stringify({ rules: [fault] }) });
  const { hostname, port } = new URL(product.origin);
  const probe = connect(Number(port), hostname);
  let told = "";
  probe
    .on("error", () => undefined)
    .on("data", (chunk) => {
      told += chunk;
    });
  probe.write(
    `GET ${pathOf(row, "/usage")} HTTP/1.1\r\nHost: ${new URL(product.origin).host}\r\nSec-Fetch-Site: same-origin\r\nCookie: ${cookie}\r\n\r\n`,
  );
  // All of them wait for one call.
  const asked = Array.from({ length: 200 }, () => wire.send("GET", pathOf(row, "/usage"), { cookie }));
  await new Promise((later) => setTimeout(later, 1_000));
  const since = Date.now();
  const stopped = product.stop();
  await new Promise((later) => setTimeout(later, 300));
  await expect(fetch(`${product.origin}/api/health`)).rejects.toThrow();
  // Whoever still holds a connection is told, too.
  probe.write(`GET /api/ready HTTP/1.1\r\nHost: ${new URL(product.origin).host}\r\n\r\n`);
  await expect.poll(() => told, { timeout: 12_000 }).toMatch(/HTTP\/1\.1 503[\s\S]*"draining":true/);
  const answers = await Promise.all(asked);
  expect(answers.filter(({ status }) => status !== 200).map(({ status }) => status)).toEqual([]);
  expect(await stopped).toBe(0);
  // Well before the fifteen seconds after which what is left would be cut off.
  expect(Date.now() - since).toBeLessThan(12_000);
  wire.close();
});
