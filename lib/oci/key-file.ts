/** Reading secrets from files: who may have touched the file, what is in it, and words that help when it is wrong. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { CredentialError } from "./credentials.ts";

const fileBytesMax = 1024 * 1024;

/**
 * Reads a small file that only its owner may read (mode 0600 or stricter). A link is followed when it belongs to this
 * user or root, and the checks are made on the opened file, so nothing can be swapped between check and read.
 */
export async function readSecretFile(path: string): Promise<Buffer> {
  return readChecked(path, "secret");
}

/** Reads a small file that may be read by others but not changed by everybody. */
export async function readSettingsFile(path: string): Promise<Buffer> {
  return readChecked(path, "settings");
}

async function readChecked(path: string, kind: "secret" | "settings"): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    throw openError(path, error);
  });
  try {
    const facts = await handle.stat();
    if (!facts.isFile()) throw new CredentialError(`${path} is not a file`, "Name the file itself, not a directory.");
    if (facts.size > fileBytesMax)
      throw new CredentialError(`${path} is larger than 1 MiB`, "This cannot be the right file.");
    if (process.platform !== "win32") await checkOwner(path, facts, kind);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

async function checkOwner(
  path: string,
  facts: { mode: number; uid: number },
  kind: "secret" | "settings",
): Promise<void> {
  const mode = (facts.mode & 0o777).toString(8).padStart(4, "0");
  if (kind === "secret" && (facts.mode & 0o077) !== 0) {
    throw new CredentialError(`${path} can be read or changed by other users (mode ${mode})`, `Run: chmod 600 ${path}`);
  }
  if ((facts.mode & 0o002) !== 0) {
    throw new CredentialError(`${path} can be changed by every user (mode ${mode})`, `Run: chmod o-w ${path}`);
  }
  const folder = await stat(dirname(path));
  if ((folder.mode & 0o1002) === 0o002) {
    throw new CredentialError(
      `every user can replace ${path}: its directory is writable by all`,
      `Run: chmod o-w ${dirname(path)}`,
    );
  }
  const link = await lstat(path);
  if (!isTrusted(facts.uid) || !isTrusted(link.uid)) {
    throw new CredentialError(
      `${path} belongs to another user`,
      "Copy the file and own the copy, or run the console as its owner.",
    );
  }
}

/** Root may read anybody's file; everybody else only trusts their own and root's. */
function isTrusted(uid: number): boolean {
  const own = process.getuid?.();
  return own === undefined || own === 0 || uid === own || uid === 0;
}

function openError(path: string, error: NodeJS.ErrnoException): CredentialError {
  if (error.code === "ENOENT" || error.code === "ENOTDIR")
    return new CredentialError(`${path} does not exist`, "Check the path.");
  if (error.code === "EACCES" || error.code === "EPERM") {
    return new CredentialError(
      `${path} cannot be read by this user`,
      "Run the console as the owner of the file, or correct its permissions.",
    );
  }
  return new CredentialError(`${path} cannot be opened (${error.code ?? "unknown error"})`, "Check the path.");
}

/**
 * A private RSA key of at least 2048 bits from PEM text, encrypted or not. Throws CredentialError in words for the one
 * who configures; `source` names where the text came from.
 */
export function loadPrivateKey(pem: string | Buffer, source: string, passPhrase?: string): KeyObject {
  const text = pem.toString("latin1");
  refuseOtherFormats(text, source);
  const isEncrypted = /ENCRYPTED/.test(text);
  if (isEncrypted && !passPhrase) {
    throw new CredentialError(
      `the key in ${source} is encrypted and no pass phrase is configured`,
      "Add pass_phrase to the profile.",
    );
  }
  const key = parsePrivateKey(pem, source, isEncrypted, passPhrase);
  if (key.asymmetricKeyType !== "rsa") {
    throw new CredentialError(
      `the key in ${source} is ${key.asymmetricKeyType}, not RSA`,
      "Oracle signs requests with RSA keys only.",
    );
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < 2048)
    throw new CredentialError(`the key in ${source} has only ${bits} bits`, "Make a new API key of 2048 bits or more.");
  return key;
}

function parsePrivateKey(pem: string | Buffer, source: string, isEncrypted: boolean, passPhrase?: string): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: "pem", ...(passPhrase ? { passphrase: passPhrase } : {}) });
  } catch {
    if (isEncrypted)
      throw new CredentialError(
        `the pass phrase does not open the key in ${source}`,
        "Correct pass_phrase in the profile.",
      );
    throw new CredentialError(
      `the key in ${source} is damaged or not a PEM private key`,
      "Download or copy the private key again.",
    );
  }
}

function refuseOtherFormats(text: string, source: string): void {
  if (/PRIVATE KEY-----/.test(text) && !/OPENSSH/.test(text)) return;
  const wanted =
    "Name the PEM file of the API key's private half; it begins with -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----.";
  if (/OPENSSH/.test(text)) {
    throw new CredentialError(
      `${source} holds an OpenSSH key`,
      `Convert a copy with: ssh-keygen -p -m PEM -f ${source}`,
    );
  }
  if (/PUBLIC KEY-----/.test(text)) throw new CredentialError(`${source} holds a public key`, wanted);
  if (/BEGIN CERTIFICATE/.test(text)) throw new CredentialError(`${source} holds a certificate`, wanted);
  throw new CredentialError(`${source} does not hold a PEM key`, wanted);
}

/** Oracle's fingerprint of an API key: MD5 of the public key's DER, as colon-separated hex pairs. */
export function keyFingerprint(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  const der = publicKey.export({ type: "spki", format: "der" });
  return createHash("md5")
    .update(der)
    .digest("hex")
    .replace(/..(?=.)/g, "$&:");
}
