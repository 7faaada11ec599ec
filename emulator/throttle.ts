/** E10: 10 reads and 10 writes a second for a tenancy, over all regions, as a token bucket on the wall clock. */
import { ociError } from "#lib/contract/errors.ts";
import type { Budget } from "#lib/contract/operations.ts";

const perSecond = 10;
/** Half a token of patience: a client that keeps to the limit is not refused for 50 ms of jitter on the way. */
const patience = 0.5;

interface Bucket {
  tokens: number;
  /** Milliseconds. */
  at: number;
}

export class Throttle {
  readonly #buckets = new Map<string, Bucket>();

  /** Spends one token at `nowMs`. Throws TooManyRequests with retry-after 1 when there is none. */
  spend(tenancyId: string, budget: Exclude<Budget, "none">, nowMs: number): void {
    const name = `${tenancyId} ${budget}`;
    const bucket = this.#buckets.get(name) ?? { tokens: perSecond, at: nowMs };
    const refill = (Math.max(0, nowMs - bucket.at) * perSecond) / 1000;
    bucket.tokens = Math.min(perSecond, bucket.tokens + refill);
    bucket.at = nowMs;
    this.#buckets.set(name, bucket);
    if (bucket.tokens < 1 - patience) {
      throw ociError("TooManyRequests", "User-rate limit exceeded.", { retryAfterSeconds: 1 });
    }
    bucket.tokens -= 1;
  }
}
