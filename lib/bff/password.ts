/**
 * Passwords: argon2id by node:crypto (OWASP: 19 MiB, two passes), stored with their parameters, hashed anew at sign-in when
 * the parameters have changed. Two hashes at a time, so that guessing cannot take the machine.
 */
import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { Refusal } from "./refusal.ts";

interface Parameters {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}
const current: Parameters = { memory: 19_456, passes: 2, parallelism: 1 };
const saltBytes = 16;
const hashBytes = 32;
const atOnce = 2;
const waitingMax = 16;

export const passwordCharactersMin = 15;
const passwordCharactersMax = 256;

const gate = { running: 0, waiting: [] as (() => void)[], hashes: 0 };

/** How many hashes were made so far; the proof that unknown names cost the same. */
export function countHashes(): number {
  return gate.hashes;
}

async function derive(password: string, salt: Uint8Array, parameters: Parameters): Promise<Buffer> {
  if (gate.running >= atOnce) {
    if (gate.waiting.length >= waitingMax) {
      throw new Refusal(429, "TooBusy", "Too many people are signing in at this moment.", {
        action: "Try again in a few seconds.",
        retryAfterSeconds: 3,
      });
    }
    await new Promise<void>((go) => gate.waiting.push(go));
  } else gate.running += 1;
  gate.hashes += 1;
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      const message = Buffer.from(password.normalize("NFC"), "utf8");
      argon2("argon2id", { message, nonce: salt, tagLength: hashBytes, ...parameters }, (error, hash) =>
        error === null ? resolve(hash) : reject(error),
      );
    });
  } finally {
    const next = gate.waiting.shift();
    if (next === undefined) gate.running -= 1;
    else next();
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replace(/=+$/, "");

function write(salt: Uint8Array, hash: Uint8Array, { memory, passes, parallelism }: Parameters): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

/** The text to store for a password. Throws a 429 Refusal when too many are being hashed. */
export async function hashPassword(password: string, parameters: Parameters = current): Promise<string> {
  const salt = randomBytes(saltBytes);
  return write(salt, await derive(password, salt, parameters), parameters);
}

/** What unknown names are compared with: the same work, never equal. */
const nobodys = write(randomBytes(saltBytes), randomBytes(hashBytes), current);

/**
 * Compares a password with a stored text; null stands for "no such person" and costs the same. `isOld`: right, but to be
 * hashed anew.
 */
export async function checkPassword(
  password: string,
  stored: string | null,
): Promise<{ readonly isRight: boolean; readonly isOld: boolean }> {
  const match = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
    stored ?? nobodys,
  );
  if (match === null) throw new Error("a stored password has a form this console does not know");
  const [, memory, passes, parallelism, salt = "", hash = ""] = match;
  const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const expected = Buffer.from(hash, "base64");
  const found = await derive(password, Buffer.from(salt, "base64"), parameters);
  const isRight = expected.length === found.length && timingSafeEqual(expected, found) && stored !== null;
  const isOld =
    parameters.memory !== current.memory ||
    parameters.passes !== current.passes ||
    parameters.parallelism !== current.parallelism;
  return { isRight, isOld };
}

/** What people take when they must take something long; removed before what is left is judged. */
const commonPieces = (
  "password passwort passwd contrasena motdepasse senha correcthorsebatterystaple correct horse battery staple letmein welcome " +
  "willkommen changeme default secret geheim admin administrator root user login signin qwertyuiop qwertzuiop azertyuiop asdfghjkl " +
  "zxcvbnm yxcvbnm qwerty qwertz azerty asdfgh zxcvbn qazwsx 1qaz2wsx3edc4rfv 1q2w3e4r5t iloveyou dragon monkey football baseball " +
  "superman batman princess sunshine shadow master michael starwars trustno1 whatever freedom hello summer winter spring autumn " +
  "abcdefghijklmnopqrstuvwxyz abcdefgh abcdef abc123 january february march april june july august september october november december " +
  "monday tuesday wednesday thursday friday saturday sunday test demo guest company please thisis mypassword islong verylong long my is the a " +
  "oracle cloud infrastructure vault console oci kms key keys keyring tenancy security helpdesk operator auditor rehearsal"
).split(" ");
const lookalikes: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};
const leftMin = 6;
const distinctMin = 6;

/**
 * Why a password will not do, in one sentence, or null. No rules of composition: length, and enough left after what
 * everybody would guess first has been taken out. `context` holds what an attacker knows: the name, the console's host.
 */
export function judgePassword(password: string, context: readonly string[]): string | null {
  const length = Array.from(password).length;
  if (length < passwordCharactersMin)
    return `Use at least ${passwordCharactersMin} characters; four words that have nothing to do with each other do well.`;
  if (length > passwordCharactersMax) return `Use at most ${passwordCharactersMax} characters.`;
  const plain = password.normalize("NFKC").toLowerCase();
  if (new Set(plain).size < distinctMin) return "It repeats too few characters.";
  const known = context
    .flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length > 2);
  const read = (text: string) => Array.from(text, (each) => lookalikes[each] ?? each).join("");
  for (const spelling of [plain, read(plain)]) {
    if (leftOver(spelling, known) < leftMin)
      return "It is made of words, names and rows of keys that are guessed first. Add something nobody would expect.";
  }
  return null;
}

function leftOver(text: string, known: readonly string[]): number {
  let left = text.replace(/[\s\p{P}\p{S}]+/gu, "");
  // The longest first: what is left of "administrator" without "admin" would count as something new.
  const pieces = [...known, ...commonPieces].sort((one, other) => other.length - one.length);
  for (const piece of pieces) if (piece.length > 2) left = left.replaceAll(piece, " ");
  // Rows of digits (years, counting) and repetitions add next to nothing.
  left = left.replace(/\d+/g, " ").replace(/(.{1,6}?)\1{2,}/g, "$1");
  return left.replace(/\s/g, "").length;
}
