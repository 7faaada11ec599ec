/** Faults on order: each rule says which calls it meets, how many of them, and what goes wrong. */
import { type ErrorCode, errorStatuses } from "#lib/contract/errors.ts";
import { operations } from "#lib/contract/operations.ts";

export const faultKinds = [
  "latency",
  "status",
  "truncate",
  "reset",
  "lostAnswer",
  "malformed",
  "controlCharacters",
  "hang",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultRule {
  readonly kind: FaultKind;
  /** Only this operation; any when absent. */
  readonly operation?: string;
  /** Only this region; any when absent. */
  readonly region?: string;
  /** How many calls it still meets; without end when absent. */
  readonly times?: number;
  /** For `latency`: milliseconds before the call is answered. */
  readonly ms?: number;
  /** For `status`. */
  readonly status?: number;
  /** For `status`: Oracle's code; the usual one when absent. */
  readonly code?: string;
  /** For `status`: seconds of the retry-after header. */
  readonly retryAfterSeconds?: number;
}

const usualCodes: Record<number, ErrorCode> = {
  400: "InvalidParameter",
  401: "NotAuthenticated",
  404: "NotAuthorizedOrNotFound",
  409: "IncorrectState",
  412: "NoEtagMatch",
  429: "TooManyRequests",
  500: "InternalServerError",
  503: "ServiceUnavailable",
};

/** Oracle's usual code for a status. */
export function usualCode(status: number): string {
  return usualCodes[status] ?? Object.entries(errorStatuses).find(([, at]) => at === status)?.[0] ?? "Unknown";
}

export class Faults {
  #rules: (FaultRule & { left: number })[] = [];

  /** Adds rules; the ones given first are met first. */
  add(rules: readonly FaultRule[]): void {
    this.#rules.push(...rules.map((rule) => ({ ...rule, left: rule.times ?? Number.POSITIVE_INFINITY })));
  }

  clear(): void {
    this.#rules = [];
  }

  list(): readonly Record<string, unknown>[] {
    return this.#rules.map(({ left, ...rule }) => ({ ...rule, left: Number.isFinite(left) ? left : null }));
  }

  /** The faults this call meets: every delay, and the first of the others. Each is used up by one. */
  take(operation: string | null, region: string): { delayMs: number; fault: FaultRule | undefined } {
    let delayMs = 0;
    let fault: FaultRule | undefined;
    for (const rule of this.#rules) {
      const isMet =
        rule.left > 0 &&
        (rule.operation === undefined || rule.operation === operation) &&
        (rule.region === undefined || rule.region === region);
      if (!isMet || (rule.kind !== "latency" && fault !== undefined)) continue;
      rule.left -= 1;
      if (rule.kind === "latency") delayMs += rule.ms ?? 0;
      else fault = rule;
    }
    this.#rules = this.#rules.filter((rule) => rule.left > 0);
    return { delayMs, fault };
  }
}

/** Reads rules from JSON. Throws an Error whose words can be shown to whoever sent them. */
export function readFaultRules(value: unknown): FaultRule[] {
  const given = isRecord(value) && Array.isArray(value.rules) ? value.rules : Array.isArray(value) ? value : [value];
  return given.map((rule, index) => {
    if (!isRecord(rule)) throw new Error(`rule ${index}: must be an object`);
    const { kind, operation, region, times, ms, status, code, retryAfterSeconds } = rule;
    if (!(faultKinds as readonly unknown[]).includes(kind)) {
      throw new Error(`rule ${index}: kind must be one of ${faultKinds.join(", ")}`);
    }
    if (operation !== undefined && !(typeof operation === "string" && Object.hasOwn(operations, operation))) {
      throw new Error(`rule ${index}: operation must be the name of an operation, such as listVaults`);
    }
    if (region !== undefined && typeof region !== "string") throw new Error(`rule ${index}: region must be a string`);
    requireNumber(times, 1, 1_000_000, `rule ${index}: times`);
    requireNumber(ms, 0, 600_000, `rule ${index}: ms`);
    requireNumber(status, 400, 599, `rule ${index}: status`);
    requireNumber(retryAfterSeconds, 0, 3600, `rule ${index}: retryAfterSeconds`);
    if (kind === "latency" && ms === undefined) throw new Error(`rule ${index}: latency needs ms`);
    if (kind === "status" && status === undefined) throw new Error(`rule ${index}: status needs a status`);
    if (code !== undefined && typeof code !== "string") throw new Error(`rule ${index}: code must be a string`);
    return { kind, operation, region, times, ms, status, code, retryAfterSeconds } as FaultRule;
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function requireNumber(value: unknown, minimum: number, maximum: number, name: string): void {
  if (value === undefined) return;
  if (typeof value !== "number" || !Number.isInteger(value) || value < minimum || value > maximum) {
    throw new Error(`${name} must be a whole number from ${minimum} to ${maximum}`);
  }
}
