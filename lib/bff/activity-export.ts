/** The trail as a file: read a page at a time while it is sent, so that its length costs no memory. */
import type { ActivityEntry, TrailFormat } from "#lib/contract/api.ts";
import { csvLine } from "#lib/vault/csv.ts";

const columns: readonly (readonly [header: string, read: (entry: ActivityEntry) => string])[] = [
  ["Time (UTC)", ({ at }) => new Date(at).toISOString()],
  ["Person", ({ actor }) => actor],
  ["Role", ({ role }) => role],
  ["Operation", ({ operation }) => operation],
  ["Result", ({ result }) => result],
  ["Region", ({ region }) => region],
  ["Target", ({ target }) => target],
  ["Name", ({ before, after }) => String(before?.displayName ?? after?.displayName ?? before?.name ?? "")],
  ["Reason", ({ reason }) => reason ?? ""],
  ["Ticket", ({ ticket }) => ticket ?? ""],
  ["Ended (UTC)", ({ endedAt }) => (endedAt === null ? "" : new Date(endedAt).toISOString())],
  ["HTTP status", ({ status }) => (status === null ? "" : String(status))],
  ["Error", ({ error }) => error ?? ""],
  ["Request id", ({ requestId }) => requestId],
  ["Request id of the service", ({ opcRequestId }) => opcRequestId ?? ""],
  ["Tenancy", ({ tenancy }) => tenancy],
  ["Receipt", ({ receiptId }) => receiptId],
  ["Asked for", ({ params }) => JSON.stringify(params)],
];

/** The file as a stream; `readPage` gives the page below a row number and the number to go on from, null at the end. */
export function exportTrail(
  format: TrailFormat,
  readPage: (before: number | undefined) => Promise<{ entries: readonly ActivityEntry[]; next: number | null }>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let before: number | undefined;
  let isBegun = false;
  return new ReadableStream({
    async pull(controller) {
      if (!isBegun && format === "csv") {
        // The byte order mark tells Excel that it is UTF-8.
        controller.enqueue(encoder.encode(`\ufeff${csvLine(columns.map(([header]) => header))}`));
      }
      isBegun = true;
      const { entries, next } = await readPage(before);
      const lines = entries.map((entry) =>
        format === "csv" ? csvLine(columns.map(([, read]) => read(entry))) : `${JSON.stringify(entry)}\n`,
      );
      controller.enqueue(encoder.encode(lines.join("")));
      if (next === null) controller.close();
      else before = next;
    },
  });
}
