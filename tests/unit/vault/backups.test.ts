import { expect, test } from "vitest";
import type { ActivityEntry } from "#lib/contract/api.ts";
import { knownBackups } from "#lib/vault/backups.ts";

const backup = (receiptId: string, objectName: string | null, result = "ok") =>
  ({
    operation: "backupVault",
    result,
    receiptId,
    at: 1,
    tenancy: "t",
    region: "us-ashburn-1",
    params: {
      body: {
        isIncludeKeys: true,
        backupLocation:
          objectName === null
            ? { destination: "PRE_AUTHENTICATED_REQUEST_URI", uri: "(not recorded)" }
            : { destination: "BUCKET", namespace: "n", bucketName: "b", objectName },
      },
    },
  }) as unknown as ActivityEntry;

test("an older backup whose object was written again is no longer there", () => {
  const found = knownBackups([
    backup("newest", "vault.backup"),
    backup("other", "other.backup"),
    backup("failed", "vault.backup", "failed"),
    backup("oldest", "vault.backup"),
    backup("url-2", null),
    backup("url-1", null),
  ]);
  expect(found.map(({ receiptId, isReplaced }) => [receiptId, isReplaced])).toEqual([
    ["newest", false],
    ["other", false],
    ["oldest", true],
    ["url-2", false],
    ["url-1", false],
  ]);
});
