/**
 * JSON from outside, read in one way only. Parsers differ over a name that comes twice, so what we checked might not be
 * what the service acts on (promise P19): such a text is refused.
 */

/** Parses UTF-8 JSON. Throws an Error whose words complete "The body …": other bytes, no JSON, an object that has a name twice. */
export function parseJsonStrictly(bytes: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new Error("is not JSON in UTF-8");
  }
  const twice = findNameGivenTwice(text);
  if (twice !== null) throw new Error(`has the field ${JSON.stringify(twice.slice(0, 60))} twice`);
  return value;
}

/** Of text that is known to be JSON: a string is a name when a colon follows. */
function findNameGivenTwice(text: string): string | null {
  const open: Set<string>[] = [];
  for (const [, mark, raw, colon] of text.matchAll(/([{}[\]])|("(?:[^"\\]|\\.)*")(\s*:)?/g)) {
    if (mark === "{" || mark === "[") open.push(new Set());
    else if (mark !== undefined) open.pop();
    else if (colon !== undefined) {
      const name: string = JSON.parse(raw ?? '""');
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return null;
}
