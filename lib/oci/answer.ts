/** Reading what the service said: it is a stranger's text until it fits the contract (promise P37). */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ErrorBody, OciError } from "#lib/contract/errors.ts";

export type AnswerHeaders = Readonly<Record<string, string>>;

/** Why an answer cannot be used; the caller adds where it came from. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  readonly kind: "bad_answer" | "too_large";

  constructor(kind: "bad_answer" | "too_large", message: string) {
    super(message);
    this.kind = kind;
  }
}

const inflate = promisify(gunzip);

/** Undoes a content encoding we did not ask for, up to `bytesMax` decoded bytes. Throws AnswerError. */
export async function decodeContent(body: Buffer, encoding: string | undefined, bytesMax: number): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? "";
  if (name === "" || name === "identity" || body.length === 0) return body;
  if (name !== "gzip" && name !== "x-gzip")
    throw new AnswerError("bad_answer", "it is encoded in a way nobody asked for");
  try {
    return await inflate(body, { maxOutputLength: bytesMax });
  } catch (error) {
    const isTooLarge = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    throw isTooLarge
      ? new AnswerError("too_large", "it is too large when unpacked")
      : new AnswerError("bad_answer", "its gzip data is damaged");
  }
}

/**
 * Twice what a page of a thousand vaults with every tag holds. An empty object is two bytes on the wire and fifty-six in
 * memory, so a bound on bytes alone is none on memory.
 */
const valuesMax = 400_000;

/** True when JSON of so many bytes holds more values than any answer of the service: counted by what stands between them. */
function hasTooManyValues(body: Uint8Array): boolean {
  // Each takes a byte and what divides it from the next.
  if (body.length < 2 * valuesMax) return false;
  let values = 0;
  let isInString = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === 0x22) isInString = !isInString;
    else if (isInString && byte === 0x5c) at++;
    else if (!isInString && (byte === 0x2c || byte === 0x5b || byte === 0x7b) && ++values > valuesMax) return true;
  }
  return false;
}

/**
 * The JSON of an answer and the exact text it was read from. With `isControlCharsAllowed` raw control characters inside
 * strings are escaped when the strict reading fails, as Oracle's `allow_control_chars`: the text then holds them as
 * `\u00XX`, and whoever shows it takes them out. Throws AnswerError.
 */
export function readJson(body: Uint8Array, isControlCharsAllowed: boolean): { text: string; json: unknown } {
  if (hasTooManyValues(body)) throw new AnswerError("too_large", `it holds more than ${valuesMax} values`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new AnswerError("bad_answer", "it is not UTF-8");
  }
  const json = tryJson(text);
  if (json !== undefined) return { text, json };
  const escaped = isControlCharsAllowed ? escapeControlChars(text) : text;
  const again = escaped === text ? undefined : tryJson(escaped);
  if (again === undefined) throw new AnswerError("bad_answer", "it is not JSON");
  return { text: escaped, json: again };
}

/** JSON has no `undefined`, so it can stand for text that is not JSON. */
function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Escapes control characters inside strings; between them they are white space or an error. One pass, no backtracking. */
export function escapeControlChars(text: string): string {
  let escaped = "";
  let copiedTo = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x22) isInString = !isInString;
    else if (isInString && char === 0x5c) at++;
    else if (isInString && char < 0x20) {
      escaped += `${text.slice(copiedTo, at)}\\u${char.toString(16).padStart(4, "0")}`;
      copiedTo = at + 1;
    }
  }
  return escaped + text.slice(copiedTo);
}

/** The error of a refusal, its text made fit to be shown; without a JSON body the status speaks alone. */
export function readRefusal(
  status: number,
  headers: AnswerHeaders,
  body: Uint8Array,
  ownRequestId: string,
  nowMs: number,
): OciError {
  const parsed = ErrorBody.safeParse(readJsonOr(body, null));
  const code =
    parsed.success && /^[A-Za-z0-9_.-]{1,100}$/.test(parsed.data.code) ? parsed.data.code : genericCode(status);
  const message = parsed.success ? plainText(parsed.data.message) : "";
  return new OciError({
    status,
    code,
    message: message === "" ? `The service answered ${status} without saying why.` : message,
    requestId: requestIdOf(headers) ?? ownRequestId,
    retryAfterSeconds: readRetryAfter(headers["retry-after"], nowMs),
  });
}

function readJsonOr(body: Uint8Array, otherwise: unknown): unknown {
  try {
    return readJson(body, true).json;
  } catch {
    return otherwise;
  }
}

function genericCode(status: number): string {
  if (status === 429) return "TooManyRequests";
  if (status === 401) return "NotAuthenticated";
  if (status === 503) return "ServiceUnavailable";
  return status >= 500 ? "InternalServerError" : "Unknown";
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const controlChars = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** One line of at most 1000 characters, control characters taken out. */
export function plainText(text: string): string {
  return text.slice(0, 4000).replace(controlChars, " ").replace(/ {2,}/g, " ").trim().slice(0, 1000);
}

/** The request id of an answer, if it is one that can be shown and logged. */
export function requestIdOf(headers: AnswerHeaders): string | undefined {
  const id = headers["opc-request-id"];
  return id !== undefined && /^[\x21-\x7e]{1,300}$/.test(id) ? id : undefined;
}

/** Seconds of a retry-after header, which may also be a date; an hour at most. */
export function readRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const seconds = /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - nowMs) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(3600, Math.max(0, Math.ceil(seconds)));
}
