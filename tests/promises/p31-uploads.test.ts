// P31: files never fill the memory, nobody sends without end, and what stands still is let go.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createUploads, type Uploads } from "#lib/bff/upload.ts";
import type { OciError } from "#lib/contract/errors.ts";
import { request } from "#lib/contract/request.ts";
import { createOciClient } from "#lib/oci/client.ts";
import { createEndpoints } from "#lib/oci/endpoints.ts";
import { credential } from "#tests/unit/oci/test-credential.ts";
import { isFull } from "./size.ts";

const mib = 1024 * 1024;
const fileBytes = (isFull ? 100 : 24) * mib;
const together = 16;
let folder: string;
let uploads: Uploads;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ovc-uploads-"));
  uploads = await createUploads(join(folder, "uploads"), fileBytes);
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const chunk = Buffer.alloc(64 * 1024, 7);
function md5Of(bytes: number): string {
  const hash = createHash("md5");
  for (let at = 0; at < bytes; at += chunk.length) hash.update(chunk.subarray(0, Math.min(chunk.length, bytes - at)));
  return hash.digest("base64");
}

/** A body of so many bytes that is made as it is asked for. */
function bodyOf(bytes: number, onPull: () => void = () => undefined): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        onPull();
        if (left === 0) return controller.close();
        const size = Math.min(left, chunk.length);
        left -= size;
        controller.enqueue(new Uint8Array(chunk.subarray(0, size)));
      },
    },
    { highWaterMark: 0 },
  );
}

const requestOf = (body: ReadableStream<Uint8Array>, bytes: number, md5: string) =>
  new Request("http://console/", {
    method: "POST",
    body,
    duplex: "half",
    headers: { "content-length": String(bytes), "content-md5": md5 },
  } as RequestInit);

const region = "us-ashburn-1";

/** A process of its own, so that its memory is not ours: takes 64 KiB, rests, and refuses in the end with the bytes it counted. */
async function startSlowService(): Promise<{ origin: string; stop: () => void }> {
  const server = (mebibytesASecond: number) => `
    const server = require("node:http").createServer(async (request, response) => {
      let bytes = 0;
      for await (const part of request) {
        bytes += part.length;
        await new Promise((later) => setTimeout(later, part.length / ${mebibytesASecond * 1048.576}));
      }
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ code: "InvalidParameter", message: bytes + " bytes" }));
    });
    server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ["-e", server(6)], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  return { origin: `http://127.0.0.1:${String(port).trim()}`, stop: () => void child.kill() };
}

describe(`P31: bounded memory and number (${together} files of ${fileBytes / mib} MiB at once, ${together + 4} cases)`, () => {
  it("memory grows by at most 150 MiB, whatever the files' size and however slowly the service takes them", async () => {
    const md5 = md5Of(fileBytes);
    const service = await startSlowService();
    const endpoints = createEndpoints({ overrides: { [region]: { kms: service.origin } }, isOverridesOnly: true });
    const client = createOciClient({ credential, endpoints });
    const before = process.memoryUsage.rss();
    let most = before;
    const sampler = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 20);
    const files = await Promise.all(
      Array.from({ length: together }, (_, index) =>
        uploads.receive(requestOf(bodyOf(fileBytes), fileBytes, md5), `person ${index}`),
      ),
    );
    const sent = await Promise.all(
      files.map((file) =>
        client
          .call(
            request("restoreVaultFromFile", {
              compartmentId: "ocid1.compartment.oc1..c",
              contentMd5: md5,
              body: file.source,
            }),
            { region, priority: "interactive" },
          )
          .catch((error: OciError) => error.message),
      ),
    );
    clearInterval(sampler);
    await client.close();
    service.stop();
    // It says what it counted.
    expect(new Set(sent)).toEqual(new Set([`${fileBytes} bytes`]));
    expect((most - before) / mib).toBeLessThanOrEqual(150);
    expect(new Set(files.map(({ md5Base64 }) => md5Base64))).toEqual(new Set([md5]));
    await Promise.all(files.map((file) => file.discard()));
    expect(readdirSync(join(folder, "uploads"))).toEqual([]);
  }, 300_000);

  it("one byte over the limit is refused before any is read", async () => {
    let pulled = 0;
    const body = bodyOf(fileBytes + 1, () => {
      pulled += 1;
    });
    await expect(uploads.receive(requestOf(body, fileBytes + 1, md5Of(1)), "p")).rejects.toMatchObject({ status: 413 });
    expect(pulled).toBe(0);
  });

  it("a person has two under way, until they have been sent on; others are not held up", async () => {
    const send = (person: string) => uploads.receive(requestOf(bodyOf(1000), 1000, md5Of(1000)), person);
    const [first, second] = [await send("p"), await send("p")];
    await expect(send("p")).rejects.toMatchObject({ status: 429, code: "TooManyUploads" });
    await (await send("q")).discard();
    await first.discard();
    const third = await send("p");
    await Promise.all([second.discard(), third.discard()]);
  });

  it("a body that stands still for 30 seconds is let go, and its file with it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const still = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new Uint8Array(10)) });
    const refused = expect(uploads.receive(requestOf(still, 1000, md5Of(1000)), "p")).rejects.toMatchObject({
      code: "IncompleteBody",
    });
    let isOver = false;
    const over = refused.finally(() => {
      isOver = true;
    });
    // The file before is opened for real, however long that takes: the clock turns until the end.
    while (!isOver) {
      await new Promise((later) => setImmediate(later));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    await over;
    expect(readdirSync(join(folder, "uploads"))).toEqual([]);
    vi.useRealTimers();
    await (await uploads.receive(requestOf(bodyOf(10), 10, md5Of(10)), "p")).discard();
  });
});
