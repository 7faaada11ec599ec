// P30: a body that was cut, or that nobody may send, never goes on as if it were whole; what nobody waits for ends.
import { createHash, randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requestIdHeader, targetHeader } from "#lib/bff/console.ts";
import { origin, startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const size = 200_000;
const offsets = isFull ? 50 : 12;
const ways = ["ends", "breaks", "aborted"] as const;
let app: TestConsole;
let admin: string;
let helpdesk: string;
let target: string;

beforeAll(async () => {
  app = await startTestConsole();
  admin = await app.signIn("admin");
  helpdesk = await app.signIn("helpdesk");
  const { vaults } = await app.inventory(admin);
  const region = vaults.find(({ tenancy }) => tenancy === app.tenancy)?.region ?? "";
  target = `/api/oci/${app.tenancy}/kms/${region}/20180608/vaults/actions/restoreFromFile?compartmentId=${app.tenancy}`;
});
afterAll(() => app.stop());

const bytes = randomBytes(size);
const md5 = createHash("md5").update(bytes).digest("base64");

interface Sent {
  readonly cookie: string;
  readonly body: ReadableStream<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Without a length, as a chunked body comes. */
  readonly isChunked?: boolean;
}

function send({ cookie, body, signal, isChunked = false }: Sent): Promise<Response> {
  return app.console.oci(
    new Request(`${origin}${target}`, {
      method: "POST",
      body,
      duplex: "half",
      signal: signal ?? null,
      headers: {
        [targetHeader]: target,
        [requestIdHeader]: "cut",
        cookie,
        origin,
        "sec-fetch-site": "same-origin",
        "x-ovc-request": "1",
        "content-type": "application/octet-stream",
        "content-md5": md5,
        ...(isChunked ? { "transfer-encoding": "chunked" } : { "content-length": String(size) }),
      },
    } as RequestInit),
  );
}

const restores = async () => (await app.calls()).byOperation.restoreVaultFromFile ?? 0;

describe(`P30: no cut or unauthorised body goes on (${offsets} × ${ways.length} × 2 cases)`, () => {
  it("cut at any place, in any way, with and without a length", async () => {
    for (let index = 0; index < offsets; index += 1) {
      const at = Math.floor((size * index) / offsets);
      for (const way of ways) {
        for (const isChunked of [false, true]) {
          const abort = new AbortController();
          const body = new ReadableStream<Uint8Array>({
            start(controller) {
              if (at > 0) controller.enqueue(bytes.subarray(0, at));
              if (way === "ends") controller.close();
              else if (way === "breaks") controller.error(new Error("the connection broke"));
              else
                setTimeout(() => {
                  abort.abort();
                  controller.error(new Error("aborted"));
                }, 1);
            },
          });
          const answer = await send({ cookie: admin, body, signal: abort.signal, isChunked });
          expect(answer.status, `${way} at ${at}`).toBeGreaterThanOrEqual(400);
          expect(answer.status, `${way} at ${at}`).toBeLessThan(500);
        }
      }
    }
    expect(await restores()).toBe(0);
    expect(readdirSync(join(app.dataDir, "uploads"))).toEqual([]);
  }, 120_000);

  it("one byte more than was said is refused as well", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes);
        controller.enqueue(new Uint8Array(1));
        controller.close();
      },
    });
    expect((await send({ cookie: admin, body })).status).toBe(400);
    expect(await restores()).toBe(0);
  });

  it("who may not is refused before the first byte is asked for", async () => {
    for (const cookie of [helpdesk, "", "ovc_session=forged"]) {
      let pulled = 0;
      const body = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            pulled += 1;
            controller.enqueue(new Uint8Array(1024));
          },
        },
        { highWaterMark: 0 },
      );
      const answer = await send({ cookie, body });
      expect([401, 403]).toContain(answer.status);
      expect(pulled).toBe(0);
    }
    expect(await restores()).toBe(0);
  });

  it("when the person goes, the call to the service ends within a second, and the file is gone", async () => {
    await app.faults([{ operation: "restoreVaultFromFile", kind: "hang" }]);
    const abort = new AbortController();
    const whole = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    });
    const answering = send({ cookie: admin, body: whole, signal: abort.signal });
    await expect.poll(restores, { timeout: 10_000 }).toBe(1);
    const since = Date.now();
    abort.abort();
    await answering;
    expect(Date.now() - since).toBeLessThan(isFull ? 1_000 : 10_000);
    expect(readdirSync(join(app.dataDir, "uploads"))).toEqual([]);
    await app.faults(null);
  });
});
