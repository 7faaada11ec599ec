// P22: the policy of every page: nothing by default, a fresh nonce, nothing unsafe, two policies, and somewhere to report to.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CspEvaluator } from "csp_evaluator/dist/evaluator.js";
import { CspParser } from "csp_evaluator/dist/parser.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "#lib/bff/config.ts";
import { createFrontDoor } from "#lib/bff/front-door.ts";
import { startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const loads = isFull ? 10_000 : 2_000;
let server: Server;
let address: string;
let app: TestConsole;

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  address = `http://127.0.0.1:${port}`;
  const door = createFrontDoor(loadConfig({ PORT: String(port), NODE_ENV: "production" }));
  server.on("request", (request, response) => {
    if (door.admit(request, response)) response.end(String(request.headers["x-nonce"] ?? ""));
  });
  app = await startTestConsole();
});
afterAll(async () => {
  await app.stop();
  await new Promise((resolve) => server.close(resolve));
});

/** Directives of one policy by name. */
function read(policy: string): Map<string, string[]> {
  return new Map(
    policy.split(";").map((directive) => {
      const [name = "", ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );
}

describe(`P22: two policies with a nonce of their own on every page (${loads} loads)`, () => {
  it("a nonce of 128 bits never comes twice", async () => {
    const nonces = new Set<string>();
    for (let done = 0; done < loads; done += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`${address}/vaults`)));
      for (const answer of answers) {
        const nonce = await answer.text();
        expect(Buffer.from(nonce, "base64")).toHaveLength(16);
        const policies = (answer.headers.get("content-security-policy") ?? "").split(", ");
        expect(policies).toHaveLength(2);
        for (const policy of policies) expect(policy).toContain(`'nonce-${nonce}'`);
        nonces.add(nonce);
      }
    }
    expect(nonces.size).toBe(loads);
  });

  it("nothing by default, nothing unsafe, no other site, reports to the console", async () => {
    const answer = await fetch(`${address}/vaults`);
    const [first = "", second = ""] = (answer.headers.get("content-security-policy") ?? "").split(", ");
    const strict = read(first);
    for (const name of ["default-src", "base-uri", "object-src", "frame-ancestors"])
      expect(strict.get(name), name).toEqual(["'none'"]);
    for (const name of ["img-src", "font-src", "connect-src", "worker-src", "manifest-src", "form-action"])
      expect(strict.get(name), name).toEqual(["'self'"]);
    expect(strict.get("script-src")).toEqual([expect.stringMatching(/^'nonce-/), "'strict-dynamic'"]);
    expect(strict.get("require-trusted-types-for")).toEqual(["'script'"]);
    expect(strict.get("trusted-types")).toEqual(["default"]);
    expect(read(second).get("script-src")).toEqual(["'self'", expect.stringMatching(/^'nonce-/)]);
    for (const policy of [strict, read(second)]) {
      expect(policy.get("report-uri")).toEqual(["/api/csp-report"]);
      expect([...policy.values()].flat().join(" ")).not.toMatch(/unsafe|\*|https?:|data:|blob:/);
    }
  });

  it("an analyzer of others finds nothing to say", async () => {
    const answer = await fetch(`${address}/vaults`);
    const [first = "", second = ""] = (answer.headers.get("content-security-policy") ?? "").split(", ");
    const findings = (policy: string) =>
      new CspEvaluator(new CspParser(policy).csp)
        .evaluate()
        .map(({ directive, description }) => [directive, description]);
    expect(findings(first)).toEqual([]);
    // What it warns of would have to be served from here: nothing a person sends is, and the first policy wants the nonce anyway.
    expect(findings(second)).toEqual([["script-src", expect.stringMatching(/^'self' can be problematic/)]]);
    expect(findings(first.replace("'strict-dynamic'", "'unsafe-inline' data:"))).not.toEqual([]);
  });

  it("a nonce from outside counts for nothing", async () => {
    const answer = await fetch(`${address}/vaults`, { headers: { "x-nonce": "AAAAAAAAAAAAAAAAAAAAAA==" } });
    expect(await answer.text()).not.toBe("AAAAAAAAAAAAAAAAAAAAAA==");
  });
});

describe("P22: reports of browsers", () => {
  const send = (type: string, body: string) =>
    app.ask("POST", "/api/csp-report", {
      bytes: Buffer.from(body),
      headers: { "content-type": type, origin: "", "x-ovc-request": "", "sec-fetch-site": "" },
    });
  const report = JSON.stringify({
    "csp-report": {
      "effective-directive": "script-src-elem",
      "blocked-uri": "https://evil.example/x.js?token=canary-4711",
      "document-uri": "http://127.0.0.1/vaults?q=canary-4711",
      "script-sample": "canary-4711",
    },
  });

  it("takes both forms without a session and says nothing", async () => {
    const list = JSON.stringify([
      { type: "csp-violation", body: { effectiveDirective: "img-src", blockedURL: "inline" } },
    ]);
    for (const [type, body] of [
      ["application/csp-report", report],
      ["application/reports+json", list],
    ] as const) {
      const answer = await send(type, body);
      expect([answer.status, answer.body]).toEqual([204, ""]);
    }
  });

  it("refuses what is no report", async () => {
    expect((await send("text/plain", report)).status).toBe(415);
    for (const body of ["", "{", "[]]", "{}", '{"csp-report": 7}', '[{"body": null}]'])
      expect((await send("application/csp-report", body)).status, body).toBe(400);
    expect(
      (await send("application/csp-report", JSON.stringify({ "csp-report": { x: "x".repeat(20_000) } }))).status,
    ).toBe(413);
  });

  it("a flood is counted, not written; no query and no sample is kept", async () => {
    for (let done = 0; done < 60; done += 1) expect((await send("application/csp-report", report)).status).toBe(204);
    const lines = app.logged.filter((line) => line.includes("a browser refused something"));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(app.logged.join("\n")).not.toContain("canary-4711");
  });
});
