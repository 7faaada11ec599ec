// P5: whatever a stranger puts into the cookie, it is nobody: never a failure of the server, never an identity.
import fc from "fast-check";
import { sealData } from "iron-session";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSessionSecrets } from "#lib/bff/session.ts";
import type { SessionAnswer } from "#lib/contract/api.ts";
import { startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const mutations = isFull ? 10_000 : 1_500;
let app: TestConsole;
let good: string;
let name: string;
let seal: string;

beforeAll(async () => {
  app = await startTestConsole();
  good = await app.signIn("admin");
  name = good.slice(0, good.indexOf("="));
  seal = good.slice(name.length + 1);
});
afterAll(() => app.stop());

/** Status and person for a raw Cookie header. */
async function judge(cookie: string): Promise<string> {
  let headers: Headers;
  try {
    headers = new Headers({ cookie });
  } catch {
    return "not a header";
  }
  const request = { headers: { cookie: headers.get("cookie") ?? "" } };
  const told = await app.ask("GET", "/api/session", request);
  const asked = await app.ask("GET", "/api/session/list", request);
  return `${told.status} ${asked.status} ${(told.body as SessionAnswer).user?.name ?? "nobody"}`;
}
const nobody = /^(200 401 nobody|not a header)$/;

describe(`P5: hostile cookies never give 5xx or identity (${mutations + 64} cases)`, () => {
  it("mutations of a real cookie", async () => {
    expect(await judge(good)).toBe("200 200 Ada Admin");
    const place = fc.nat({ max: seal.length - 1 });
    const mutation = fc.oneof(
      fc
        .tuple(place, fc.constantFrom(..."ABCxyz019-_*~=. "))
        .map(([at, to]) => seal.slice(0, at) + to + seal.slice(at + 1)),
      place.map((at) => seal.slice(0, at)),
      place.map((at) => seal.slice(at)),
      place.map((at) => seal.slice(0, at) + seal.slice(at + 1)),
      fc.tuple(place, place).map(([one, two]) => seal.slice(0, one) + seal.slice(two)),
      fc.tuple(place, fc.string({ maxLength: 40 })).map(([at, text]) => seal.slice(0, at) + text + seal.slice(at)),
      fc.shuffledSubarray(seal.split("*")).map((parts) => parts.join("*")),
      fc.string({ maxLength: 300 }),
      fc.string({ unit: "binary", maxLength: 100 }).map((text) => `Fe26.2*1*${encodeURIComponent(text)}`),
      fc.base64String({ maxLength: 400 }),
    );
    await fc.assert(
      fc.asyncProperty(mutation, async (mutated) => {
        // The end of a seal is its lifetime and its check; nothing of it may be left out or changed unseen.
        if (mutated.split(";")[0]?.trim() === seal) return;
        expect(await judge(`${name}=${mutated}`)).toMatch(nobody);
      }),
      { numRuns: mutations },
    );
  }, 600_000);

  it("other spellings of the same bytes are no seal", async () => {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const [, last = "", end = ""] = /(.)(~2)$/.exec(seal) ?? [];
    let tried = 0;
    for (const letter of letters) {
      if (letter === last) continue;
      tried += 1;
      expect(await judge(`${name}=${seal.slice(0, -3)}${letter}${end}`)).toMatch(nobody);
    }
    for (const spelt of [
      seal.replace("~2", "=~2"),
      seal.replace("~2", "A~2"),
      seal.replaceAll("-", "+"),
      seal.replaceAll("_", "/"),
    ]) {
      if (spelt === seal) continue;
      tried += 1;
      expect(await judge(`${name}=${spelt}`), spelt).toMatch(nobody);
    }
    expect(tried).toBeGreaterThan(63);
  });

  it("seals made with the right key, of the wrong things", async () => {
    const password = loadSessionSecrets(app.config);
    const sid = "A".repeat(43);
    const shapes: unknown[] = [
      {},
      null,
      [],
      [sid],
      0,
      1e308,
      true,
      "",
      sid,
      { sid: null },
      { sid: 1 },
      { sid: true },
      { sid: [] },
      { sid: [sid] },
      { sid: {} },
      { sid: { toString: "x" } },
      { sid: "" },
      { sid: "A" },
      { sid },
      { sid: `${sid}A` },
      { sid: "' OR 1=1 --".padEnd(43, "x") },
      { sid: "\u0000".repeat(43) },
      { sid: "💥".repeat(21) },
      { sid: "%".repeat(43) },
      { sid: "__proto__".padEnd(43, "_") },
      JSON.parse(`{"__proto__": {"sid": "${sid}"}}`),
      { constructor: { prototype: { sid } } },
      { SID: sid },
      { sid, iat: "yesterday" },
      { user: "admin", role: "admin" },
      { state: sid, nonce: sid, verifier: sid, next: "/", stepUpOf: null, at: Date.now() },
    ];
    for (const shape of shapes) {
      const made = await sealData(shape as object, { password }).catch(() => null);
      if (made !== null) expect(await judge(`${name}=${made}`), JSON.stringify(shape)).toMatch(nobody);
    }
  });

  it("seals made with other keys, for other purposes, and shapes that are no seals", async () => {
    const foreign = await sealData({ sid: "A".repeat(43) }, { password: "x".repeat(40) });
    const crafted = [
      foreign,
      "",
      "*",
      "*******",
      "Fe26.2",
      "Fe26.2*",
      "Fe26.2*1*a*b*c*d*e*f",
      "Fe26.2*1*a*b*c*-1*e*f~2",
      "Fe26.2*__proto__*a*b*c**e*f~2",
      "Fe26.2*constructor*a*b*c**e*f~2",
      "Fe26.2*toString*a*b*c**e*f~2",
      "Fe26.2*999999*a*b*c**e*f~2",
      "Fe26.2**a*b*c**e*f~2",
      "Fe26.1*1*a*b*c**e*f~2",
      `${seal}~2`,
      `${seal}~1`,
      seal.replace(/~\d$/, ""),
      seal.replace(/~\d$/, "~9"),
      seal.replace("Fe26.2*1*", "Fe26.2*2*"),
      seal.replace("Fe26.2*1*", "Fe26.2*__proto__*"),
      `"${seal}"`,
      encodeURIComponent(seal).replaceAll("~", "%7E").replace("Fe", "%46e"),
      seal.toUpperCase(),
      seal.repeat(2),
      "A".repeat(1025),
      "A".repeat(15_000),
      "null",
      "undefined",
      "[object Object]",
      "../../etc/passwd",
      `${"$"}{jndi:ldap://x}`,
      "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
    ];
    for (const each of crafted) expect(await judge(`${name}=${each}`), each.slice(0, 60)).toMatch(nobody);
    // The first cookie of a name counts, as browsers send the most specific first; another never adds to it.
    expect(await judge(`${name}=junk; ${good}`)).toMatch(nobody);
    expect(await judge(`__Host-${good}`)).toMatch(nobody);
    expect(await judge(`x${good}`)).toMatch(nobody);
  });
});
