/** An ordinary OCI config file with generated keys, so that any SDK, CLI or this console can be pointed at the emulator. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { SigningKeyRecord } from "./records.ts";
import { fingerprintOf, trustedKey } from "./signing-keys.ts";

export interface Profile {
  /** Section name; the first is DEFAULT. */
  readonly name: string;
  readonly tenancyId: string;
  readonly userId: string;
  readonly region: string;
}

/** Writes `config` and a key file for each profile into `directory` (all 0600). Keys found there are kept. */
export function writeOciConfig(
  directory: string,
  profiles: readonly Profile[],
): { path: string; keys: SigningKeyRecord[] } {
  const home = resolve(directory);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const sections: string[] = [];
  const keys: SigningKeyRecord[] = [];
  for (const profile of profiles) {
    const keyFile = join(home, `${profile.name.toLowerCase()}.pem`);
    const publicKey = createPublicKey(loadOrMakeKey(keyFile));
    const fingerprint = fingerprintOf(publicKey);
    const keyId = `${profile.tenancyId}/${profile.userId}/${fingerprint}`;
    keys.push(trustedKey(keyId, publicKey.export({ type: "spki", format: "pem" }).toString()));
    sections.push(
      [
        `[${profile.name}]`,
        `user=${profile.userId}`,
        `fingerprint=${fingerprint}`,
        `tenancy=${profile.tenancyId}`,
        `region=${profile.region}`,
        `key_file=${keyFile}`,
      ].join("\n"),
    );
  }
  const path = join(home, "config");
  const head = "# Written by the emulator at each start: generated keys, good for this rehearsal world only.\n";
  writeFileSync(path, `${head}${sections.join("\n\n")}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return { path, keys };
}

function loadOrMakeKey(file: string): KeyObject {
  if (existsSync(file)) return createPrivateKey(readFileSync(file));
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  return privateKey;
}
