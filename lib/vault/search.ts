/** What the search box understands: a name, an OCID or any tail of it, an endpoint, a tag. Pure. */
import type { VaultRow } from "#lib/contract/api.ts";

// Accents of Latin, Greek and Cyrillic, Hebrew points, Arabic vowel marks; vowel signs of Indic scripts are letters and stay.
const marks = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]/g;
// What cannot be seen cannot be typed: direction controls, joiners, soft hyphens.
const invisible = /\p{Cf}/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: plain ASCII needs no folding beyond lower case
const plain = /^[\u0000-\u007f]*$/;

/** Lower case, without accents and invisible characters, compatibility forms made equal ("ﬁ" is "fi"). */
export function foldText(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  return text.normalize("NFKD").replace(marks, "").replace(invisible, "").toLowerCase().replaceAll("ß", "ss");
}

/** The searchable text of a vault, made once. */
export interface SearchText {
  /** Folded name and tags, one to a line. */
  readonly words: string;
  readonly id: string;
  /** The part of the OCID that is its own: after the region. */
  readonly idTail: string;
  /** Host names of the two endpoints, each on a line. */
  readonly hosts: string;
}

/** Makes the searchable text of a row. Tags are found by key, by value and as `key=value` or `namespace.key=value`. */
export function searchTextOf(row: VaultRow): SearchText {
  const lines = [row.displayName];
  for (const [key, value] of Object.entries(row.freeformTags)) lines.push(`${key}=${value}`);
  for (const [namespace, keys] of Object.entries(row.definedTags)) {
    for (const [key, value] of Object.entries(keys)) lines.push(`${namespace}.${key}=${tagText(value)}`);
  }
  const id = row.id.toLowerCase();
  return {
    words: foldText(lines.join("\n")),
    id,
    idTail: id.split(".").slice(4).join("."),
    hosts: `\n${hostOf(row.cryptoEndpoint)}\n${hostOf(row.managementEndpoint)}`,
  };
}

/** A defined tag's value may be anything JSON can say. */
export function tagText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function hostOf(endpoint: string): string {
  return endpoint
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/?#].*$/, "");
}

export interface SearchTerm {
  readonly text: string;
  /** The same as a host name, when it can be one: a pasted address without its scheme and path. */
  readonly host: string;
  /** Head and tail of an identifier that was copied with its middle cut out ("ocid1.vault…x7ka"). */
  readonly cut: readonly [head: string, tail: string] | null;
}

/** Splits what was typed into terms, all of which must be found. Text in double quotes is one term. */
export function parseSearch(text: string): readonly SearchTerm[] {
  const terms: SearchTerm[] = [];
  for (const [, quoted, word] of foldKeepingEllipsis(text).matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
    const term = (quoted ?? word ?? "").trim();
    if (term === "") continue;
    const [head = "", tail = ""] = term.split(/…|\.{3}/, 2);
    terms.push({
      text: term,
      host: hostOf(term),
      cut: term !== head && (head !== "" || tail !== "") ? [head, tail] : null,
    });
  }
  return terms;
}

/** NFKD would turn the one-character ellipsis into three dots; both are understood afterwards. */
function foldKeepingEllipsis(text: string): string {
  return text.split("…").map(foldText).join("…");
}

// Shorter pieces of an OCID or a host would match by chance and bury the names.
const ownPartMin = 5;

/** Whether one vault has all terms. */
export function matchesSearch(vault: SearchText, terms: readonly SearchTerm[]): boolean {
  for (const term of terms) if (!matchesTerm(vault, term)) return false;
  return true;
}

function matchesTerm(vault: SearchText, { text, host, cut }: SearchTerm): boolean {
  if (vault.words.includes(text) || vault.id.endsWith(text)) return true;
  if (cut !== null && vault.id.startsWith(cut[0]) && vault.id.endsWith(cut[1])) return true;
  if (text.length < ownPartMin) return false;
  if (vault.idTail.includes(text) || vault.id.startsWith(text)) return true;
  // The beginning of a host names one vault; a piece from inside it must look like a host, or "crypto" would find them all.
  if (host.length < ownPartMin) return false;
  return vault.hosts.includes(`\n${host}`) || (host.includes(".") && vault.hosts.includes(host));
}
