/** Names as data from somebody else: what hides in them, and when a typed one is the same. Pure. */

const hidden = /[\p{Cc}\p{Cf}\u2028\u2029]/u;
const spaces = /^\s|\s$|\s{2}/;

/** Why a name cannot simply be read and typed, in words; empty when it can. */
export function nameWarnings(name: string): readonly string[] {
  const warnings: string[] = [];
  if (/[\u202a-\u202e\u2066-\u2069]/.test(name))
    warnings.push("It holds characters that turn the reading direction: it may not read as it is stored.");
  else if (hidden.test(name)) warnings.push("It holds characters that cannot be seen.");
  if (spaces.test(name)) warnings.push("It begins or ends with a space, or has several in a row.");
  return warnings;
}

/** Whether a typed name is the vault's: the same characters, whichever way the keyboard composes accents. */
export function isSameName(typed: string, name: string): boolean {
  return typed === name || typed.normalize("NFC") === name.normalize("NFC");
}
