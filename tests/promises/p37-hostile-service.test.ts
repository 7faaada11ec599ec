// P37: what the service answers is not trusted: no second host is asked, nothing large is kept, nothing it says is markup.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explain } from "#lib/bff/refusal.ts";
import { request } from "#lib/contract/request.ts";
import { createOciClient } from "#lib/oci/client.ts";
import { createEndpoints } from "#lib/oci/endpoints.ts";
import { answer, type ScriptedServer, type Step, scriptedServer } from "#tests/unit/oci/scripted-server.ts";
import { credential } from "#tests/unit/oci/test-credential.ts";

let server: ScriptedServer;
let other: ReturnType<typeof createServer>;
let asked = 0;
let elsewhere: string;
beforeAll(async () => {
  server = await scriptedServer();
  other = createServer((_request, response) => {
    asked += 1;
    response.end("{}");
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await server.close();
  await new Promise((resolve) => other.close(resolve));
});

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const place = { region: "us-ashburn-1", priority: "interactive" } as const;
const bomb = gzipSync(Buffer.alloc(60 * 1024 * 1024));

const answers: [string, () => Step][] = [
  ["301 elsewhere", () => answer(301, "", { location: elsewhere })],
  ["302 elsewhere", () => answer(302, "", { location: elsewhere })],
  ["307 elsewhere", () => answer(307, "", { location: elsewhere })],
  ["308 elsewhere", () => answer(308, "", { location: elsewhere })],
  ["300 with a refresh", () => answer(300, "", { refresh: `0; url=${elsewhere}` })],
  ["a gzip bomb", () => answer(200, bomb, { "content-encoding": "gzip" })],
  ["a gzip bomb as an error", () => answer(500, bomb, { "content-encoding": "gzip" })],
  ["a brotli answer", () => answer(200, brotliCompressSync("{}"), { "content-encoding": "br" })],
  ["a declared size without end", () => answer(200, "x", { "content-length": "99999999999" })],
  ["JSON nested a hundred thousand deep", () => answer(200, "[".repeat(100_000))],
  [
    "a million fields nobody knows",
    () => answer(200, `{${Array.from({ length: 200_000 }, (_, n) => `"f${n}":0`).join()}}`),
  ],
  ["five million bytes of empty objects", () => answer(200, `[${"{},".repeat(1_700_000)}{}]`)],
  ["five million bytes of empty objects as an error", () => answer(400, `[${"{},".repeat(1_700_000)}{}]`)],
  ["as many values as are read at most", () => answer(200, `[${"{},".repeat(399_000)}{}]`)],
  [
    "an error of markup and control characters",
    () =>
      answer(
        404,
        JSON.stringify({
          code: "<b>\u0007",
          message: `<img src=x onerror=hit()>\r\nset-cookie: a=b\u202e${"x".repeat(100_000)}`,
        }),
      ),
  ],
];

describe(`P37: the service is not trusted (${answers.length} cases)`, () => {
  it.each(answers)(
    "%s",
    async (_name, step) => {
      server.script(step());
      const endpoints = createEndpoints({
        overrides: { [place.region]: { kms: server.origin } },
        isOverridesOnly: true,
      });
      const client = createOciClient({ credential, endpoints, random: () => 0, readTimeoutMs: 2_000 });
      collectGarbage();
      const before = process.memoryUsage.rss();
      const error = await client.call(request("getVault", { vaultId: "ocid1.vault.oc1.iad.part.unique" }), place).then(
        () => expect.unreachable("it was believed"),
        (thrown: unknown) => thrown,
      );
      await client.close();
      const refusal = explain(error);
      const said = `${refusal.code} ${refusal.message} ${refusal.why ?? ""}`;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(said).not.toMatch(/[\u0000-\u001f\u202e]/);
      expect(said.length).toBeLessThan(3_000);
      expect(asked, "nobody else was asked").toBe(0);
      expect((process.memoryUsage.rss() - before) / 1024 ** 2).toBeLessThanOrEqual(50);
    },
    20_000,
  );
});
