/**
 * What browsers report against the policy of a page (promise P22). Anybody can send a report, so it is small, paced, worth
 * a log line of a few cleaned fields, and nothing else comes of it: no answer, no row in the store.
 */
import type { Logger } from "pino";
import * as z from "zod";
import { readBody } from "./guard.ts";
import { cleanText, Refusal } from "./refusal.ts";

const reportBytesMax = 16 * 1024;
const linesPerMinute = 20;
const fieldCharactersMax = 120;

/** The old form, one report in `csp-report`, and that of the Reporting API, a list. Both carry far more than is kept. */
const Report = z.union([
  z
    .object({ "csp-report": z.record(z.string(), z.unknown()) })
    .transform((report): Record<string, unknown>[] => [report["csp-report"]]),
  z
    .array(z.object({ body: z.record(z.string(), z.unknown()) }))
    .max(10)
    .transform((reports): Record<string, unknown>[] => reports.map(({ body }) => body)),
]);

export interface CspReports {
  /** `POST /api/csp-report`: always 204 for a report, whether it was worth a line or not. Throws a Refusal for anything else. */
  take(request: Request): Promise<Response>;
}

/** Writes at most twenty lines a minute; how many were left out is on the next one. */
export function createCspReports(log: Logger, clock: () => number): CspReports {
  let minute = 0;
  let lines = 0;
  let leftOut = 0;

  function write(report: Record<string, unknown>): void {
    const now = Math.floor(clock() / 60_000);
    if (now !== minute) {
      minute = now;
      lines = 0;
    }
    if (lines >= linesPerMinute) {
      leftOut += 1;
      return;
    }
    lines += 1;
    const directive = field(report["effective-directive"] ?? report.effectiveDirective ?? report["violated-directive"]);
    const blocked = place(report["blocked-uri"] ?? report.blockedURL);
    const page = place(report["document-uri"] ?? report.documentURL);
    log.warn({ directive, blocked, page, leftOut }, "a browser refused something on a page of the console");
    leftOut = 0;
  }

  return {
    async take(request) {
      const type = request.headers.get("content-type") ?? "";
      if (!/^application\/(csp-report|reports\+json|json)(;|$)/i.test(type)) {
        throw new Refusal(415, "UnsupportedMediaType", "A report of a browser is JSON.");
      }
      const body = await readBody(request, reportBytesMax);
      const reports = Report.safeParse(parse(body));
      if (!reports.success) throw new Refusal(400, "InvalidParameter", "This is not a report of a browser.");
      for (const report of reports.data) write(report);
      return new Response(null, { status: 204 });
    },
  };
}

function parse(body: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** Origin and path only: a query may hold what somebody typed. */
function place(value: unknown): string {
  const text = typeof value === "string" ? value : "";
  return field(text.replace(/[?#].*$/s, ""));
}

function field(value: unknown): string {
  return cleanText(typeof value === "string" ? value : "").slice(0, fieldCharactersMax);
}
