/** What reached the service: counts without end, the latest calls one by one, and the busiest second of each tenancy. */
import type { Budget } from "#lib/contract/operations.ts";

export interface CallEntry {
  /** Wall clock, epoch milliseconds. */
  readonly at: number;
  readonly region: string;
  readonly method: string;
  /** Secrets of pre-authenticated requests are left out. */
  readonly target: string;
  /** Null for a path that is no operation. */
  readonly operation: string | null;
  readonly budget: Budget;
  readonly tenancy: string | null;
  readonly user: string | null;
  /** What the caller sent as request id. */
  readonly sentRequestId: string | null;
  readonly requestId: string | null;
  /** Null when the connection was cut or left hanging. */
  readonly status: number | null;
  /** Kind of the fault that was played, if any. */
  readonly fault: string | null;
  readonly ms: number;
}

const entriesMax = 5000;

export class CallLog {
  #entries: CallEntry[] = [];
  #total = 0;
  #byOperation: Record<string, number> = {};
  #byStatus: Record<string, number> = {};
  #spent: Record<"read" | "write", number> = { read: 0, write: 0 };
  #recent = new Map<string, number[]>();
  #busiest: Record<"read" | "write", number> = { read: 0, write: 0 };

  /** Notes a call; a budget is spent when the call came, refused or not. */
  add(entry: CallEntry): void {
    this.#total += 1;
    const operation = entry.operation ?? "unknown";
    this.#byOperation[operation] = (this.#byOperation[operation] ?? 0) + 1;
    const status = String(entry.status ?? "none");
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1;
    if (entry.budget !== "none") this.#countSecond(entry.budget, entry.tenancy ?? "", entry.at);
    this.#entries.push(entry);
    if (this.#entries.length > 2 * entriesMax) this.#entries = this.#entries.slice(-entriesMax);
  }

  #countSecond(budget: "read" | "write", tenancy: string, at: number): void {
    this.#spent[budget] += 1;
    const name = `${tenancy} ${budget}`;
    const times = (this.#recent.get(name) ?? []).filter((time) => time > at - 1000);
    times.push(at);
    this.#recent.set(name, times);
    this.#busiest[budget] = Math.max(this.#busiest[budget], times.length);
  }

  /** The answer of `GET /calls`. */
  report(): Record<string, unknown> {
    return {
      total: this.#total,
      reads: this.#spent.read,
      writes: this.#spent.write,
      /** Most calls of one tenancy in any sliding second. */
      maxInAnySecond: { reads: this.#busiest.read, writes: this.#busiest.write },
      byOperation: this.#byOperation,
      byStatus: this.#byStatus,
      calls: this.#entries.slice(-entriesMax),
    };
  }

  clear(): void {
    this.#entries = [];
    this.#total = 0;
    this.#byOperation = {};
    this.#byStatus = {};
    this.#spent = { read: 0, write: 0 };
    this.#recent.clear();
    this.#busiest = { read: 0, write: 0 };
  }
}
