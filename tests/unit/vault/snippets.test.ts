import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { snippetsOf } from "#lib/vault/snippets.ts";

const vaultId = "ocid1.vault.oc1.iad.abc.abuwcljrexample";
const calls = [
  {
    operation: "scheduleVaultDeletion",
    region: "us-ashburn-1",
    params: {
      vaultId,
      ifMatch: "e'1",
      opcRetryToken: "(not recorded)",
      body: { timeOfDeletion: "2027-01-30T14:00:00.000Z" },
    },
  },
  { operation: "cancelVaultDeletion", region: "eu-frankfurt-1", params: { vaultId, ifMatch: "e1" } },
  {
    operation: "updateVault",
    region: "us-ashburn-1",
    params: { vaultId, ifMatch: "e1", body: { displayName: "it's", freeformTags: { owner: "security" } } },
  },
  {
    operation: "changeVaultCompartment",
    region: "us-ashburn-1",
    params: { vaultId, body: { compartmentId: "ocid1.compartment.oc1..a" } },
  },
  {
    operation: "createVault",
    region: "us-ashburn-1",
    params: { body: { compartmentId: "ocid1.compartment.oc1..a", displayName: "x", vaultType: "DEFAULT" } },
  },
  {
    operation: "createVaultReplica",
    region: "us-ashburn-1",
    params: { vaultId, body: { replicaRegion: "uk-london-1" } },
  },
  {
    operation: "deleteVaultReplica",
    region: "us-ashburn-1",
    params: { vaultId, body: { replicaRegion: "uk-london-1" } },
  },
  {
    operation: "backupVault",
    region: "us-ashburn-1",
    params: {
      vaultId,
      body: {
        isIncludeKeys: true,
        backupLocation: { destination: "PRE_AUTHENTICATED_REQUEST_URI", uri: "(not recorded)" },
      },
    },
  },
];
const text = (index: number, id: string) =>
  snippetsOf(calls[index] ?? (calls[0] as never)).find((each) => each.id === id)?.text ?? "";

describe("the same call by other means", () => {
  it("quotes for the shell and sends the recorded body to the recorded path", () => {
    expect(text(0, "cli")).toBe(
      [
        "oci raw-request",
        "--region us-ashburn-1",
        "--http-method POST",
        `--target-uri 'https://kms.us-ashburn-1.oraclecloud.com/20180608/vaults/${vaultId}/actions/scheduleDeletion'`,
        `--request-headers '{"if-match":"e'\\''1"}'`,
        `--request-body '{"timeOfDeletion":"2027-01-30T14:00:00.000Z"}'`,
      ].join(" \\\n  "),
    );
    const heard = execFileSync("sh", ["-c", text(2, "cli").replace("oci raw-request", "printf '%s\\n'")], {
      encoding: "utf8",
    });
    expect(heard).toContain(`"displayName":"it's"`);
  });

  it("writes Python as Oracle's SDK takes it", () => {
    expect(text(1, "python")).toContain(`client.cancel_vault_deletion(\n    "${vaultId}",\n    if_match="e1",\n)`);
    expect(text(7, "python")).toContain(`"isIncludeKeys": True`);
  });

  it("never shows tokens, and says where a secret belongs", () => {
    for (const call of calls) {
      for (const snippet of snippetsOf(call)) expect(snippet.text).not.toMatch(/not recorded|opcRetryToken/);
    }
    expect(text(7, "typescript")).toContain("REPLACE_ME");
  });

  it("has none for files and for what is not Key Management", () => {
    expect(snippetsOf({ operation: "restoreVaultFromFile", region: "us-ashburn-1", params: {} })).toEqual([]);
    expect(snippetsOf({ operation: "getTenancy", region: "us-ashburn-1", params: {} })).toEqual([]);
    expect(snippetsOf({ operation: "nothing", region: "us-ashburn-1", params: {} })).toEqual([]);
  });

  it("compiles against Oracle's TypeScript client", () => {
    const folder = mkdtempSync(join(import.meta.dirname, "../../../.snippets-"));
    try {
      calls.forEach((_call, index) => {
        writeFileSync(join(folder, `call-${index}.ts`), `${text(index, "typescript")}\nexport { answer };\n`);
      });
      const options = [
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
        "--target",
        "es2022",
        "--types",
        "node",
      ];
      const files = calls.map((_call, index) => join(folder, `call-${index}.ts`));
      const tsc = join(import.meta.dirname, "../../../node_modules/typescript/bin/tsc");
      const said = (() => {
        try {
          return execFileSync(process.execPath, [tsc, "--ignoreConfig", ...options, ...files], { encoding: "utf8" });
        } catch (error) {
          return (error as { stdout: string }).stdout;
        }
      })();
      expect(said).toBe("");
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
