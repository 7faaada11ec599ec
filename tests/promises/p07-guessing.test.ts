// P7: guessing is bounded, cannot lock a person out, and says nothing about who exists.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressHeader } from "#lib/bff/device.ts";
import { countHashes, hashPassword } from "#lib/bff/password.ts";
import { addAccount } from "#lib/store/accounts.ts";
import { startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const minuteMs = 60_000;
const right = "tiger lamp orbit canyon";
const names = ["ada", "bo", "cy", "di", "ed", "fay", "gus"];
const attempts = isFull ? 500 : 60;
let app: TestConsole;
let places = 0;

beforeAll(async () => {
  app = await startTestConsole({}, { OCI_PROFILES: "DEFAULT" });
  const password = await hashPassword(right);
  for (const name of names)
    await addAccount(app.db, { issuer: "local", subject: name, name, role: "helpdesk", password }, Date.now());
});
afterAll(() => app.stop());

const anywhere = () => `198.51.${(places++ >> 8) & 255}.${places & 255}`;
async function guess(name: string, password: string, address = anywhere(), more: Record<string, string> = {}) {
  const body = { name, password };
  const answer = await app.ask("POST", "/api/session", { body, headers: { [addressHeader]: address, ...more } });
  return { status: answer.status, code: (answer.body as { code?: string }).code, answer };
}

describe(`P7: guessing is bounded and not enumerable (${attempts * 2 + 340} cases)`, () => {
  it("judges five guesses at once and no more, however many come together from however many places", async () => {
    const before = countHashes();
    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => guess("ada", `wrong ${index}`)));
    const judged = answers.filter((answer) => answer.code === "SignInRefused").length;
    expect(judged).toBeLessThanOrEqual(5);
    expect(countHashes() - before).toBeLessThanOrEqual(5);
    expect((await guess("ada", right)).code).toBe("TooManyTries");
  });

  it("judges at most a hundred more in a day of trying, and never shuts for ever", async () => {
    for (let free = 0; free < 5; free += 1) await guess("bo", "wrong");
    let judged = 0;
    let longestSeconds = 0;
    const start = app.clock.offsetMs;
    while (app.clock.offsetMs - start < 24 * 60 * minuteMs) {
      const { status, code, answer } = await guess("bo", "wrong");
      if (code === "SignInRefused") judged += 1;
      else {
        expect(status).toBe(429);
        const seconds = Number(answer.headers.get("retry-after"));
        longestSeconds = Math.max(longestSeconds, seconds);
        app.clock.offsetMs += seconds * 1000;
      }
    }
    expect(judged).toBeGreaterThan(50);
    expect(judged).toBeLessThanOrEqual(100);
    expect(longestSeconds).toBeLessThanOrEqual(15 * 60);
    app.clock.offsetMs += 15 * minuteMs;
    expect((await guess("bo", right)).status).toBe(200);
    app.clock.offsetMs = 0;
  });

  it("lets the person in where they have signed in before, while strangers guess", async () => {
    const home = "203.0.113.7";
    expect((await guess("cy", right, home)).status).toBe(200);
    for (let turn = 0; turn < 12; turn += 1) await guess("cy", "wrong");
    expect((await guess("cy", right)).status).toBe(429);
    expect((await guess("cy", right, home)).status).toBe(200);
    // The place they know is counted too, by itself.
    for (let turn = 0; turn < 5; turn += 1) expect((await guess("cy", "wrong", home)).code).toBe("SignInRefused");
    expect((await guess("cy", right, home)).status).toBe(429);
  });

  it("lets the person in with the browser they have signed in with, from anywhere, while strangers guess next door", async () => {
    const first = await guess("fay", right, "203.0.113.50");
    const device = first.answer.headers.getSetCookie().find((line) => line.startsWith("ovc_device=")) ?? "";
    const cookie = device.split(";")[0] ?? "";
    const cafe = "203.0.113.51";
    for (let turn = 0; turn < 40; turn += 1) await guess("fay", "wrong", cafe);
    expect((await guess("fay", right, cafe)).code).toBe("TooManyTries");
    const again = await guess("fay", right, cafe, { cookie });
    expect(again.status).toBe(200);
    expect(again.answer.headers.getSetCookie().join()).toContain(`${cookie};`);
    // The browser is counted too, by itself; and it is that person's alone.
    for (let turn = 0; turn < 5; turn += 1)
      expect((await guess("fay", "wrong", anywhere(), { cookie })).code).toBe("SignInRefused");
    expect((await guess("fay", right, anywhere(), { cookie })).code).toBe("TooManyTries");
    for (let turn = 0; turn < 5; turn += 1) await guess("gus", "wrong");
    expect((await guess("gus", right, anywhere(), { cookie })).code).toBe("TooManyTries");
    for (const made of ["", "x", "a".repeat(43), `${cookie.split("=")[1]}x`])
      expect((await guess("gus", right, anywhere(), { cookie: `ovc_device=${made}` })).status).toBe(429);
  });

  it("takes an IPv6 network for one place, as one customer has it", async () => {
    let judged = 0;
    for (let turn = 0; turn < 60; turn += 1) {
      const address = `2001:db8:7:1:${turn.toString(16)}::${turn + 1}`;
      if ((await guess(`six ${turn}`, "wrong", address)).code === "SignInRefused") judged += 1;
    }
    expect(judged).toBe(20);
    expect((await guess("six", "wrong", "2001:db8:7:2::1")).code).toBe("SignInRefused");
  });

  it("takes twenty wrong guesses a minute from one address, whatever names are sprayed, and forgets right ones", async () => {
    const spray = "203.0.113.99";
    let judged = 0;
    for (let turn = 0; turn < 60; turn += 1) {
      const forged = {
        "x-forwarded-for": `10.0.0.${turn}`,
        forwarded: `for=10.0.0.${turn}`,
        "x-real-ip": `10.0.0.${turn}`,
      };
      if ((await guess(`name ${turn}`, "wrong", spray, forged)).code === "SignInRefused") judged += 1;
    }
    expect(judged).toBe(20);
    app.clock.offsetMs = minuteMs;
    for (let turn = 0; turn < 30; turn += 1) expect((await guess("di", right, spray)).status).toBe(200);
    app.clock.offsetMs = 0;
  });

  it("answers the same, after the same work, for names that exist and names that do not", async () => {
    const seen = { known: new Set<string>(), unknown: new Set<string>() };
    const hashes = { known: 0, unknown: 0 };
    for (let turn = 0; turn < attempts; turn += 1) {
      app.clock.offsetMs = turn * 25 * 60 * minuteMs;
      for (const [kind, name] of [
        ["known", "ed"],
        ["unknown", "nobody"],
      ] as const) {
        const before = countHashes();
        const { status, answer } = await guess(name, "wrong");
        hashes[kind] += countHashes() - before;
        const body = { ...(answer.body as object), requestId: "" };
        const headers = [...answer.headers].filter(([header]) => header !== "retry-after");
        seen[kind].add(JSON.stringify({ status, body, headers }));
      }
    }
    app.clock.offsetMs = 0;
    expect(seen.known).toEqual(seen.unknown);
    expect(hashes).toEqual({ known: attempts, unknown: attempts });
  }, 120_000);

  it("answers those who are disabled or only invited like those who do not exist", async () => {
    const old = { issuer: "local", role: "helpdesk" };
    await addAccount(app.db, { ...old, subject: "invited", name: "invited", password: null }, Date.now());
    const off = await addAccount(
      app.db,
      { ...old, subject: "off", name: "off", password: await hashPassword(right) },
      Date.now(),
    );
    await app.db
      .updateTable("accounts")
      .set({ disabled_at: 1 })
      .where("id", "=", off?.id ?? "")
      .execute();
    const bodies = [];
    for (const name of ["invited", "off", "never heard of"]) {
      const before = countHashes();
      const { answer } = await guess(name, right);
      expect(countHashes() - before).toBe(1);
      bodies.push({ ...(answer.body as object), requestId: "" });
    }
    expect(bodies[0]).toEqual(bodies[2]);
    expect(bodies[1]).toEqual(bodies[2]);
  });
});
