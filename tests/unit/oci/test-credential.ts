import { generateKeyPairSync } from "node:crypto";
import { apiKeyCredential } from "#lib/oci/api-key.ts";

/** A key of its own and a credential with it, for calls whose signature nobody checks, or who has `privateKey` does. */
export const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const credential = apiKeyCredential({
  tenancy: "ocid1.tenancy.oc1..t",
  user: "ocid1.user.oc1..u",
  fingerprint: "aa",
  key: privateKey,
});
