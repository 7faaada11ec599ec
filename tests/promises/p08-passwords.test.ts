// P8: passwords are stored so that stealing the store is not stealing them, and hashing them cannot take the machine.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressHeader } from "#lib/bff/device.ts";
import { checkPassword, countHashes, hashPassword, judgePassword } from "#lib/bff/password.ts";
import { addAccount } from "#lib/store/accounts.ts";
import { startTestConsole, type TestConsole } from "#tests/console/start-console.ts";
import { isFull } from "./size.ts";

const right = "tiger lamp orbit canyon";
const parallel = 200;
let app: TestConsole;
beforeAll(async () => {
  app = await startTestConsole({}, { OCI_PROFILES: "DEFAULT" });
  const password = await hashPassword(right);
  for (let each = 0; each < parallel; each += 1) {
    const identity = { issuer: "local", subject: `p${each}`, name: `p${each}`, role: "helpdesk", password };
    await addAccount(app.db, identity, Date.now());
  }
});
afterAll(() => app.stop());

const bad = [
  "short",
  "fourteen chars",
  "password password password",
  "passwordpassword123",
  "correct horse battery staple",
  "correcthorsebatterystaple",
  "qwertyuiopasdfghjkl",
  "1qaz2wsx3edc4rfv5tgb",
  "aaaaaaaaaaaaaaaaaaaa",
  "abababababababababab",
  "abcabcabcabcabcabcabc",
  "123456789012345678",
  "2026-11-24-2026-11-24",
  "P@ssw0rdP@ssw0rd",
  "Letmein-Letmein-2026",
  "OracleVaultConsole2026!",
  "ada.admin-ada.admin",
  "vaults.example.com",
  "iloveyou iloveyou iloveyou",
  "administrator administrator",
  "welcome to the console",
  "x".repeat(257),
];
const good = [
  right,
  "Blue-Kettle-Under-91-Stairs",
  "9f8c2d7e1b6a4c3d",
  "Grüße aus Ödmühle im Föhn",
  "猫は屋根の上で静かに眠っている夜の月",
];

describe(`P8: password storage (${parallel + bad.length + good.length + 33} cases)`, () => {
  it.each(bad)("refuses %j", (password) => {
    expect(judgePassword(password, ["Ada Admin", "vaults.example.com"])).toMatch(/\.$/);
  });

  it.each(good)("takes %j", async (password) => {
    expect(judgePassword(password, ["Ada Admin", "vaults.example.com"])).toBeNull();
    const stored = await hashPassword(password);
    expect(await checkPassword(password, stored)).toEqual({ isRight: true, isOld: false });
    expect(await checkPassword(`${password} `, stored)).toMatchObject({ isRight: false });
    expect(await checkPassword(password.normalize("NFD"), stored)).toMatchObject({ isRight: true });
  });

  it("stores argon2id with its parameters and a salt of its own", async () => {
    const stored = await Promise.all(Array.from({ length: 10 }, () => hashPassword(right)));
    expect(new Set(stored).size).toBe(10);
    for (const each of stored) expect(each).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  });

  it("agrees with a known answer of argon2id", async () => {
    // From the tests of the reference implementation (phc-winner-argon2, src/test.c).
    const known = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    expect(await checkPassword("password", known)).toEqual({ isRight: true, isOld: true });
    expect(await checkPassword("Password", known)).toEqual({ isRight: false, isOld: true });
  });

  it("hashes two at a time, lets sixteen wait, and sends the rest away", async () => {
    const before = countHashes();
    const all = Array.from({ length: 30 }, () =>
      hashPassword(right).then(
        () => "in",
        (error) => error.code as string,
      ),
    );
    expect(countHashes() - before).toBe(2);
    const ended = await Promise.all(all);
    expect(ended.filter((end) => end === "in")).toHaveLength(18);
    expect(ended.filter((end) => end === "TooBusy")).toHaveLength(12);
    expect(await hashPassword(right)).toContain("argon2id");
  });

  it(`answers ${parallel} sign-ins at once: in, or told to come back; never broken, and other pages go on`, async () => {
    const before = process.memoryUsage().rss;
    let peak = before;
    const sampling = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 5);
    const signIns = Array.from({ length: parallel }, async (_, each) => {
      const headers = { [addressHeader]: `198.51.100.${each}` };
      const answer = await app.ask("POST", "/api/session", { body: { name: `p${each}`, password: right }, headers });
      return {
        status: answer.status,
        code: (answer.body as { code?: string }).code,
        wait: answer.headers.get("retry-after"),
      };
    });
    let isDone = false;
    const others = Array.from({ length: 4 }, async () => {
      const tookMs: number[] = [];
      do {
        const since = performance.now();
        expect((await app.ask("GET", "/api/session")).status).toBe(200);
        tookMs.push(performance.now() - since);
        await new Promise((later) => setTimeout(later, 5));
      } while (!isDone);
      return tookMs;
    });
    const answers = await Promise.all(signIns);
    isDone = true;
    clearInterval(sampling);
    const tookMs = (await Promise.all(others)).flat().sort((one, two) => one - two);
    if (isFull) {
      expect(tookMs[Math.floor(tookMs.length * 0.99)], "99th percentile of others, ms").toBeLessThan(250);
    }
    expect(answers.filter((answer) => answer.status === 200).length).toBeGreaterThanOrEqual(18);
    for (const { status, code, wait } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, code]).toEqual([429, "TooBusy"]);
      expect(Number(wait)).toBeGreaterThan(0);
    }
    expect(peak - before).toBeLessThan(300 * 1024 ** 2);
    // Who was told to come back has not used up a try.
    const again = await app.ask("POST", "/api/session", {
      body: { name: "p199", password: right },
      headers: { [addressHeader]: "x" },
    });
    expect(again.status).toBe(200);
  });
});
