/** When to ask again: full jitter, the service's retry-after, and a budget for all calls together (promise P35). */

export const attemptsMax = 3;
const baseMs = 500;
const capMs = 30_000;

/** Milliseconds to wait before attempt n + 1: anything up to 500 ms × 2^(n-1), at most 30 s, but never before retry-after. */
export function backoffMs(attempt: number, retryAfterSeconds: number | undefined, random: () => number): number {
  const jitter = random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));
  return Math.max(jitter, (retryAfterSeconds ?? 0) * 1000);
}

/** Statuses that heal by themselves. 409 IncorrectState is left out: it heals in minutes, and a person should be told. */
export function isTransientStatus(status: number): boolean {
  return status === 429 || status === 500 || status === 502 || status === 503 || status === 504;
}

export interface RetryBudget {
  /** Pays for one retry; false when the budget is spent. */
  spend(): boolean;
  /** Every success earns a little back. */
  earn(): void;
  readonly tokens: number;
}

/**
 * A token bucket: 500 tokens, a retry costs 5, a success earns 1. A service that fails for good sees at most a hundred
 * retries in all, one that fails now and then at most a fifth more calls.
 */
export function createRetryBudget(capacity = 500, retryCost = 5): RetryBudget {
  let tokens = capacity;
  return {
    spend() {
      if (tokens < retryCost) return false;
      tokens -= retryCost;
      return true;
    },
    earn() {
      tokens = Math.min(capacity, tokens + 1);
    },
    get tokens() {
      return tokens;
    },
  };
}
