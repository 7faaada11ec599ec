import { expect, it } from "vitest";
import { readReturnPath } from "#lib/contract/return-path.ts";

it.each([
  "/vaults",
  "/sign-in/done",
  "/deletions?desk=1",
  "/vaults/us-ashburn-1/ocid1.vault.oc1..x",
  "/vaults?search=a//b",
  "/activity#x",
])("goes on to %s", (path) => expect(readReturnPath(path)).toBe(path));

it.each([
  null,
  "",
  "vaults",
  "//evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r/evil.example",
  "/./\t/evil.example",
  "/.//evil.example",
  "/x/..//evil.example",
  "/x/../../evil",
  "/\\evil.example",
  "/\u0000/evil.example",
  "/\u200b/evil.example",
  "https://evil.example",
  "/api/session",
  "/sign-in",
  "/sign-in?next=/x",
])("never goes on to %j", (path) => {
  const target = readReturnPath(path);
  expect(target).toBe("/vaults");
  expect(new URL(target, "http://console.test").origin).toBe("http://console.test");
});
