// One person's fresh readings take turns with everybody else's calls at the service's ten a second.
import { afterAll, beforeAll, expect, it } from "vitest";
import { activeVault, kmsPath, startTestConsole, type TestConsole } from "./start-console.ts";

let app: TestConsole;
beforeAll(async () => {
  app = await startTestConsole();
});
afterAll(() => app.stop());

it("while one session asks for eighty fresh readings, another's are answered within moments", async () => {
  const noisy = await app.signIn("auditor");
  // Another session, even of the same account, has its own turn.
  const quiet = await app.signIn("auditor");
  const vault = await activeVault(app, noisy);
  const fresh = (cookie: string, action = "") =>
    app.ask("GET", kmsPath(vault, action), { cookie, headers: { "cache-control": "no-cache" } });
  let done = 0;
  const flood = Array.from({ length: 80 }, () =>
    fresh(noisy).then(({ status }) => {
      done += 1;
      return status;
    }),
  );
  await new Promise((later) => setTimeout(later, 300));
  for (const ask of [
    () => fresh(quiet),
    () => fresh(quiet, "/usage"),
    () => app.ask("GET", kmsPath(vault), { cookie: quiet }),
  ]) {
    const before = done;
    expect((await ask()).status).toBe(200);
    // Behind the whole queue it would be nearly eighty.
    expect(done - before).toBeLessThanOrEqual(25);
  }
  expect(done).toBeLessThan(70);
  expect(new Set(await Promise.all(flood))).toEqual(new Set([200]));
  expect((await app.calls()).maxInAnySecond.reads).toBeLessThanOrEqual(10);
});
