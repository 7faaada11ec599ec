import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import { describe, expect, it } from "vitest";
import { snippetsOf } from "#lib/vault/snippets.ts";

const vaultId = "ocid1.vault.oc1.iad.abc.abuwcljrexample";
const externalKeyManagerMetadata = {
  externalVaultEndpointUrl: "https://ekm.example.com",
  privateEndpointId: "ocid1.privateendpoint.oc1..a",
  oauthMetadata: {
    clientAppId: "app",
    clientAppSecret: "(not recorded)",
    idcsAccountNameUrl: "https://idcs.example.com",
  },
};
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
  {
    operation: "restoreVaultFromObjectStore",
    region: "us-ashburn-1",
    params: {
      compartmentId: "ocid1.compartment.oc1..a",
      body: {
        backupLocation: { destination: "BUCKET", namespace: "n", bucketName: "backups", objectName: "a b.backup" },
      },
    },
  },
  {
    operation: "createVault",
    region: "us-ashburn-1",
    params: {
      body: {
        compartmentId: "ocid1.compartment.oc1..a",
        displayName: "x",
        vaultType: "EXTERNAL",
        externalKeyManagerMetadata,
      },
    },
  },
  {
    operation: "createVaultReplica",
    region: "us-ashburn-1",
    params: {
      vaultId,
      body: {
        replicaRegion: "uk-london-1",
        replicaVaultMetadata: {
          vaultType: "EXTERNAL",
          privateEndpointId: "ocid1.privateendpoint.oc1.uk.a",
          idcsAccountNameUrl: "https://idcs.example.com",
        },
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

  it("uses only options that oci raw-request has", () => {
    const options = new Set(
      JSON.parse(readFileSync(join(import.meta.dirname, "../../fixtures/oci-raw-request.json"), "utf8")),
    );
    for (const [index] of calls.entries()) {
      const used = text(index, "cli").match(/^ {2}--[a-z-]+/gm) ?? [];
      expect(used.length).toBeGreaterThan(2);
      for (const option of used) expect(options).toContain(option.trim());
    }
  });

  it("writes Terraform that its own parser reads, for what the provider has", async () => {
    const written = calls.map((_call, index) => text(index, "terraform"));
    expect(written.map((each) => each !== "")).toEqual([
      true,
      false,
      true,
      true,
      true,
      true,
      true,
      false,
      true,
      true,
      true,
    ]);
    const read = async (index: number) => (await parse("vault.tf", written[index] ?? "")).resource;
    expect(await read(0)).toEqual({ oci_kms_vault: { vault: [{ time_of_deletion: "2027-01-30T14:00:00.000Z" }] } });
    expect(await read(2)).toEqual({
      oci_kms_vault: { vault: [{ display_name: "it's", freeform_tags: { owner: "security" } }] },
    });
    expect((await read(8)).oci_kms_vault.vault[0].restore_from_object_store).toEqual([
      { destination: "BUCKET", namespace: "n", bucket: "backups", object: "a b.backup" },
    ]);
    expect(await read(5)).toEqual({
      oci_kms_vault_replication: { replica: [{ vault_id: vaultId, replica_region: "uk-london-1" }] },
    });
  });

  it("interpolates nothing in Terraform, and leaves the secret of an external vault out", async () => {
    const snippet = snippetsOf({
      operation: "createVault",
      region: "us-ashburn-1",
      params: {
        body: {
          compartmentId: "ocid1.compartment.oc1..a",
          displayName: "$" + '{file("/etc/passwd")} "quoted"',
          vaultType: "EXTERNAL",
          definedTags: { Operations: { "cost center": "42" } },
          externalKeyManagerMetadata,
        },
      },
    }).find((each) => each.id === "terraform")?.text;
    const [vault] = (await parse("vault.tf", snippet ?? "")).resource.oci_kms_vault.vault;
    expect(vault.display_name).toBe("$$" + '{file("/etc/passwd")} "quoted"');
    expect(vault.defined_tags).toEqual({ "Operations.cost center": "42" });
    expect(JSON.stringify(vault)).toContain("var.client_app_secret");
  });

  it.each(calls.map((_call, at) => at))("signs call %i for curl as the service checks it", (index) => {
    const folder = mkdtempSync(join(tmpdir(), "curl-"));
    try {
      const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const key = join(folder, "key.pem");
      writeFileSync(key, privateKey.export({ type: "pkcs8", format: "pem" }));
      // `curl` is a function of the shell here that prints its words; everything before it runs as written.
      const script = `curl() { printf '%s\\0' "$@"; }\n${text(index, "curl")}`;
      const env = {
        PATH: process.env.PATH ?? "",
        OCI_TENANCY: "t",
        OCI_USER: "u",
        OCI_FINGERPRINT: "f",
        OCI_KEY_FILE: key,
      };
      const words = execFileSync("sh", ["-euc", script], { encoding: "utf8", env: { ...env, NODE_ENV: "test" } }).split(
        "\0",
      );
      const headers = new Map(
        words
          .filter((_word, at) => words[at - 1] === "--header")
          .map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
      );
      const url = new URL(words.find((word) => word.startsWith("https://")) ?? "");
      const body = words[words.indexOf("--data-binary") + 1] ?? "";
      const method = words[1] ?? "";
      const parts = /keyId="t\/u\/f",algorithm="rsa-sha256",headers="([^"]+)",signature="([^"]+)"/.exec(
        headers.get("authorization") ?? "",
      );
      const has: Record<string, string | undefined> = {
        "(request-target)": `${method.toLowerCase()} ${url.pathname}${url.search}`,
        host: url.host,
        date: headers.get("date"),
        "x-content-sha256": createHash("sha256").update(body).digest("base64"),
        "content-type": headers.get("content-type"),
        "content-length": String(Buffer.byteLength(body)),
      };
      const signed =
        parts?.[1]
          ?.split(" ")
          .map((name) => `${name}: ${has[name]}`)
          .join("\n") ?? "";
      expect(verify("sha256", Buffer.from(signed), publicKey, Buffer.from(parts?.[2] ?? "", "base64"))).toBe(true);
      expect(Math.abs(Date.parse(headers.get("date") ?? "") - Date.now())).toBeLessThan(60_000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("never shows tokens, and says where a secret belongs", () => {
    for (const call of calls) {
      for (const snippet of snippetsOf(call)) expect(snippet.text).not.toMatch(/not recorded|opcRetryToken/);
    }
    expect(text(7, "typescript")).toContain("REPLACE_ME");
  });

  it("has none for what is not Key Management", () => {
    expect(snippetsOf({ operation: "getTenancy", region: "us-ashburn-1", params: {} })).toEqual([]);
    expect(snippetsOf({ operation: "nothing", region: "us-ashburn-1", params: {} })).toEqual([]);
  });

  it("sends a backup file by the means that can, and curl signs the file's own digest", () => {
    const snippets = snippetsOf({
      operation: "restoreVaultFromFile",
      region: "us-ashburn-1",
      params: { compartmentId: "ocid1.compartment.oc1..a", contentMd5: "bWQ1", file: { byteLength: 3 } },
    });
    expect(snippets.map(({ id }) => id)).toEqual(["python", "curl"]);
    expect(snippets[0]?.text).toContain(
      'client.restore_vault_from_file(\n        compartment_id="ocid1.compartment.oc1..a",\n        restore_vault_from_file_details=backup,\n        content_md5="bWQ1",\n    )',
    );
    const folder = mkdtempSync(join(tmpdir(), "curl-"));
    try {
      const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      writeFileSync(join(folder, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
      const bytes = Buffer.from([0, 255, 128, 10, 13, 0]);
      writeFileSync(join(folder, "vault.backup"), bytes);
      const env = { PATH: process.env.PATH ?? "", OCI_TENANCY: "t", OCI_USER: "u", OCI_FINGERPRINT: "f" };
      const said = execFileSync("sh", ["-euc", `curl() { printf '%s\\n' "$@"; }\n${snippets[1]?.text}`], {
        encoding: "utf8",
        cwd: folder,
        env: { ...env, OCI_KEY_FILE: "key.pem", NODE_ENV: "test" },
      }).split("\n");
      const digest = (name: string) => createHash(name).update(bytes).digest("base64");
      expect(said).toContain(`x-content-sha256: ${digest("sha256")}`);
      expect(said).toContain(`content-md5: ${digest("md5")}`);
      expect(said).toContain("content-type: application/octet-stream");
      expect(said).toContain("@vault.backup");
    } finally {
      rmSync(folder, { recursive: true });
    }
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
  });
});
