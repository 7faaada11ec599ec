import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { destroy, makeBackup } from "./backups.ts";
import { abroad, type Service, unknownOcid, verdict } from "./service.ts";
import { signHeaders } from "./signed-client.ts";

const md5 = (bytes: Uint8Array | string): string => createHash("md5").update(bytes).digest("base64");

describe("restoreVaultFromFile", () => {
  test("the same region: RESTORING, then ACTIVE, under the same OCID, with its keys", () => {
    const { service, vault, file } = makeBackup(true);
    destroy(service, vault.id);
    const { compartment: compartmentId } = service;
    const answer = service.ask("restoreVaultFromFile", { compartmentId, body: file, contentMd5: md5(file) });
    expect(answer.json).toMatchObject({
      id: vault.id,
      displayName: "ledger",
      lifecycleState: "RESTORING",
      freeformTags: { owner: "ops" },
    });
    expect(answer.headers["opc-content-md5"]).toBe(md5(file));
    service.pass();
    expect(service.see(vault.id)).toMatchObject({
      lifecycleState: "ACTIVE",
      timeOfDeletion: null,
      restoredFromVaultId: vault.id,
    });
    const usage = service.ask("getVaultUsage", { vaultId: vault.id }).json;
    expect(usage).toEqual({ keyCount: 1, keyVersionCount: 2, softwareKeyCount: 0, softwareKeyVersionCount: 0 });
  });

  test("E13: another region: a new OCID there, which says where it came from; the first may live on", () => {
    const { service, vault, file } = makeBackup(true);
    const { compartment: compartmentId } = service;
    const { json } = service.ask("restoreVaultFromFile", { compartmentId, body: file }, { region: abroad });
    expect(json.id).not.toBe(vault.id);
    expect(json.id).toMatch(/^ocid1\.vault\.oc1\.eu-frankfurt-1\./);
    expect(json.restoredFromVaultId).toBe(vault.id);
    expect(service.ask("getVaultUsage", { vaultId: json.id }, { region: abroad }).json.keyCount).toBe(1);
    expect(service.ask("getVaultUsage", { vaultId: vault.id }).json.keyCount).toBe(2);
  });

  test("a backup without keys restores none", () => {
    const { service, vault, file } = makeBackup(false);
    destroy(service, vault.id);
    service.ask("restoreVaultFromFile", { compartmentId: service.compartment, body: file });
    expect(service.ask("getVaultUsage", { vaultId: vault.id }).json.keyCount).toBe(0);
  });

  test("E12: a vault that still exists is a 409 that does not heal, pending deletion included", () => {
    const { service, vault, file } = makeBackup(true);
    const restore = () =>
      verdict(service.ask("restoreVaultFromFile", { compartmentId: service.compartment, body: file }));
    expect(restore()).toBe("409 NotAuthorizedOrResourceAlreadyExists");
    service.ask("scheduleVaultDeletion", { vaultId: vault.id });
    service.pass();
    expect(restore()).toBe("409 NotAuthorizedOrResourceAlreadyExists");
  });

  test("E11: only into the compartment and tenancy it came from", () => {
    const { service, vault, file } = makeBackup(true);
    destroy(service, vault.id);
    const restore = (compartmentId: string, profile = service.mine) =>
      verdict(service.ask("restoreVaultFromFile", { compartmentId, body: file }, { profile }));
    expect(restore(service.otherCompartment)).toBe("400 InvalidParameter");
    expect(restore(service.strangeCompartment, service.stranger)).toBe("400 InvalidParameter");
    expect(restore(service.strangeCompartment)).toBe("404 NotAuthorizedOrNotFound");
    expect(restore(unknownOcid)).toBe("404 NotAuthorizedOrNotFound");
    expect(restore("here")).toBe("400 InvalidParameter");
  });

  test("E7: the words of a wrong MD5, and the code of a malformed one", () => {
    const { service, file } = makeBackup(true);
    const restore = (contentMd5: string) =>
      service.ask("restoreVaultFromFile", { compartmentId: service.compartment, body: file, contentMd5 });
    const wrong = restore(md5("something else"));
    expect(verdict(wrong)).toBe("400 UnmatchedContentMD5");
    expect(wrong.json.message).toBe(
      `The computed MD5 of the request body (${md5(file)}) does not match the Content-MD5 header (${md5("something else")}).`,
    );
    const hex = restore(createHash("md5").update(file).digest("hex"));
    expect(verdict(hex)).toBe("400 InvalidContentMD5");
    expect(hex.json.message).toMatch(/^The value of the Content-MD5 header/);
  });

  test("E8: every changed byte, a cut file, another world's file and any other file are refused", () => {
    const { service, vault, file } = makeBackup(true);
    destroy(service, vault.id);
    const restore = (body: Uint8Array) =>
      service.ask("restoreVaultFromFile", { compartmentId: service.compartment, body });
    for (const at of [0, 7, 8, 19, 20, 35, 36, file.length - 1]) {
      const changed = Uint8Array.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(verdict(restore(changed)), `byte ${at}`).toBe("400 InvalidParameter");
    }
    for (const body of [
      file.subarray(0, 36),
      file.subarray(0, -1),
      new Uint8Array(0),
      Buffer.from("PK\u0003\u0004"),
      makeBackup(true).file,
    ]) {
      expect(verdict(restore(body))).toBe("400 InvalidParameter");
    }
    expect(restore(file).status).toBe(200);
  });

  test("the signature covers the bytes (E9); the MD5 is looked at after it", () => {
    const { service, file } = makeBackup(true);
    const target = `/20180608/vaults/actions/restoreFromFile?compartmentId=${service.compartment}`;
    const hash = createHash("sha256").update(file).digest("base64");
    const good = service.askRaw("POST", target, {
      body: file,
      headers: { "content-type": "application/octet-stream" },
    });
    expect(verdict(good)).toBe("409 NotAuthorizedOrResourceAlreadyExists");
    // Signed for the file, delivered with one byte changed and an MD5 that would fit neither.
    const changed = Uint8Array.from(file);
    changed[40] = (changed[40] ?? 0) ^ 1;
    const headers = { ...signedFor(service, target, file), "x-content-sha256": hash, "content-md5": md5("x") };
    expect(verdict(service.askUnsigned("POST", target, headers, changed))).toBe("401 NotAuthenticated");
  });

  test("if-match is ignored (E18), a retry token replays", () => {
    const { service, vault, file } = makeBackup(true);
    destroy(service, vault.id);
    const params = { compartmentId: service.compartment, body: file, ifMatch: "anything", opcRetryToken: "t" };
    const first = service.ask("restoreVaultFromFile", params);
    service.pass();
    const again = service.ask("restoreVaultFromFile", params);
    expect(again.json).toEqual(first.json);
    expect(again.headers["opc-content-md5"]).toBe(md5(file));
  });

  test("needs the compartment", () => {
    const { service, file } = makeBackup(true);
    expect(verdict(service.askRaw("POST", "/20180608/vaults/actions/restoreFromFile", { body: file }))).toBe(
      "400 MissingParameter",
    );
  });
});

function signedFor(service: Service, target: string, body: Uint8Array): Record<string, string> {
  return signHeaders(service.mine, {
    method: "POST",
    target,
    host: "127.0.0.1:9000",
    date: new Date(service.now),
    body,
  });
}
