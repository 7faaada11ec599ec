/** Who may even ask: same-origin rules for reads and writes (promises P25, P26), and bounded JSON bodies. */
import { parseJsonStrictly } from "#lib/contract/json.ts";
import { cleanText, Refusal } from "./refusal.ts";

const bodyBytesMax = 256 * 1024;
const bodyMs = 15_000;

/** Reads of data: never embedded, never from another site. `none` is a person opening the address by hand. */
export function requireSameOriginRead(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  if (site === null || site === "same-origin") return;
  throw new Refusal(403, "CrossSiteRequest", "This address answers the console's own pages only.", {
    action: "Open the console itself.",
  });
}

/**
 * Anything that changes something: from our own page (Origin is one of ours, Sec-Fetch-Site same-origin or absent), with
 * the console's own header, and JSON or a file when there is a body. `same-site` is not trusted: other ports of localhost are.
 */
export function requireSameOriginWrite(request: Request, origins: readonly string[]): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const isSameSite = site === null || site === "same-origin";
  if (!isSameSite || origin === null || !origins.includes(origin)) {
    throw new Refusal(403, "CrossSiteRequest", "The request did not come from the console's own page.", {
      why:
        origin === null
          ? "It carries no Origin."
          : `It came from ${origin.slice(0, 200)}; this console is ${origins[0]}.`,
      action: `Open ${origins[0]} and try again. Whoever runs the console sets this address as APP_ORIGIN.`,
    });
  }
  if (request.headers.get("x-ovc-request") !== "1") {
    throw new Refusal(403, "MissingRequestHeader", "The request lacks the header X-OVC-Request: 1.");
  }
  const type = request.headers.get("content-type");
  const hasBody = (request.headers.get("content-length") ?? "0") !== "0" || request.headers.has("transfer-encoding");
  if ((hasBody || type !== null) && !/^application\/(json(;\s*charset=utf-8)?|octet-stream)$/i.test(type ?? "")) {
    throw new Refusal(415, "UnsupportedMediaType", "The request body must be JSON or a file.", {
      action: "Send content-type: application/json.",
    });
  }
}

/** The body's bytes, at most `bytesMax` (256 KiB) and within 15 seconds; more is refused before it is read on. */
export async function readBody(request: Request, bytesMax = bodyBytesMax): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) throw tooLarge(bytesMax);
  if (request.body === null) return undefined;
  const reader = request.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Refusal(408, "RequestTimeout", "The request body did not arrive in time.")),
      bodyMs,
    );
  });
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return total === 0 ? undefined : Buffer.concat(chunks);
      total += value.byteLength;
      if (total > bytesMax) throw tooLarge(bytesMax);
      chunks.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(bytesMax: number): Refusal {
  return new Refusal(413, "PayloadTooLarge", `The request body is larger than ${bytesMax / 1024} KiB.`);
}

/** A small JSON body. Throws a Refusal that says what is wrong with it. */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBody(request);
  if (bytes === undefined) throw new Refusal(400, "MissingParameter", "The request needs a JSON body.");
  try {
    return parseJsonStrictly(bytes);
  } catch (error) {
    throw new Refusal(400, "CannotParseRequest", `The request body ${(error as Error).message}.`);
  }
}

/** Number of the ticket the change is for; short and on one line, percent-encoded like the reason. */
export function readTicket(request: Request): string | null {
  const raw = request.headers.get("x-ovc-ticket");
  if (raw === null || raw === "") return null;
  let ticket: string;
  try {
    ticket = cleanText(decodeURIComponent(raw)).trim();
  } catch {
    throw new Refusal(400, "InvalidParameter", "The ticket is not percent-encoded text.");
  }
  if (ticket.length > 100) throw new Refusal(400, "InvalidParameter", "A ticket has at most 100 characters.");
  return ticket === "" ? null : ticket;
}

const lettersMin = 3;

/** The person's reason travels percent-encoded in a header, so that the service's body stays the service's. */
export function readReason(request: Request): string | null {
  const raw = request.headers.get("x-ovc-reason");
  if (raw === null || raw === "") return null;
  try {
    const text = cleanText(decodeURIComponent(raw));
    // Blanks nobody sees say nothing, however many there are.
    return (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) < lettersMin ? null : text;
  } catch {
    throw new Refusal(400, "InvalidParameter", "The reason is not percent-encoded text.");
  }
}
