// A real tenancy where one person is enough says so in the trail, at every start.
import { afterEach, expect, it } from "vitest";
import { readReceipts } from "#lib/store/receipts.ts";
import { startTestConsole, type TestConsole } from "./start-console.ts";

let app: TestConsole;
afterEach(() => app.stop());

const notes = async (env: Record<string, string>) => {
  app = await startTestConsole({}, env);
  const receipts = await readReceipts(app.db, { limit: 50 });
  return receipts.filter(({ operation, phase }) => operation === "startWithoutFourEyes" && phase === "intent");
};

it("with one security admin, or none yet", async () => {
  const [note, ...more] = await notes({ OCI_PROFILES: "DEFAULT" });
  expect(more).toEqual([]);
  expect(note).toMatchObject({ actor: "The console", details: { params: { setting: "auto" } } });
  expect(JSON.stringify(note?.details)).toContain("only one security admin");
});

it("when the setting does without", async () => {
  const [note] = await notes({ OCI_PROFILES: "DEFAULT", FOUR_EYES: "off" });
  expect(JSON.stringify(note?.details)).toContain("FOUR_EYES does without");
});

it("not when they are on, and not in a rehearsal", async () => {
  expect(await notes({ OCI_PROFILES: "DEFAULT", FOUR_EYES: "on" })).toEqual([]);
  await app.stop();
  expect(await notes({ FOUR_EYES: "off" })).toEqual([]);
});
