// Requests as an attacker sends them: every byte of target and headers is ours, and each answer is kept for the checks at the end.
import { Agent, request as httpRequest } from "node:http";
import type { Product } from "../../scripts/product.ts";
import type { PersonaId } from "./harness.ts";

export interface WireAnswer {
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
  /** The console's id of this request; the service gets it as opc-request-id. */
  readonly requestId: string;
}

export interface WireOptions {
  readonly cookie?: string;
  readonly body?: string | Uint8Array;
  /** Beside and over those of the console's own page; an empty value takes one away. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Wire {
  send(method: string, target: string, options?: WireOptions): Promise<WireAnswer>;
  signIn(persona: PersonaId): Promise<string>;
  /** Every answer so far, where they are kept. */
  readonly answers: readonly WireAnswer[];
  close(): void;
}

/** `sockets`: how many requests may be under way at once. `isKept`: false where there are too many answers to keep. */
export function openWire(product: Pick<Product, "origin">, { sockets = 24, isKept = true } = {}): Wire {
  const { hostname, port, host } = new URL(product.origin);
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  const answers: WireAnswer[] = [];

  function send(method: string, target: string, { cookie, body, headers = {} }: WireOptions = {}): Promise<WireAnswer> {
    const isWrite = method !== "GET" && method !== "HEAD" && method !== "OPTIONS";
    const all: Record<string, string> = {
      host,
      "sec-fetch-site": "same-origin",
      ...(isWrite ? { origin: product.origin, "x-ovc-request": "1" } : {}),
      ...(body === undefined
        ? {}
        : { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) }),
      ...(cookie === undefined ? {} : { cookie }),
      ...headers,
    };
    for (const [name, value] of Object.entries(all)) if (value === "") delete all[name];
    return new Promise((resolve, reject) => {
      const sent = httpRequest({ hostname, port, agent, method, path: target, headers: all }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const made = {
            method,
            target,
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(chunks).toString("utf8"),
            requestId: String(answer.headers["x-request-id"] ?? ""),
          };
          if (isKept) answers.push(made);
          resolve(made);
        });
      });
      sent.on("error", reject);
      sent.setTimeout(60_000, () => sent.destroy(new Error(`no answer to ${method} ${target}`)));
      sent.end(body);
    });
  }

  return {
    send,
    answers,
    async signIn(persona) {
      const { status, headers } = await send("POST", "/api/session", { body: JSON.stringify({ persona }) });
      if (status !== 200) throw new Error(`sign-in as ${persona} answered ${status}`);
      return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    },
    close: () => agent.destroy(),
  };
}

/** Runs `work` over all of `items`, at most `atOnce` together, results in order. */
export async function inTurns<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (;;) {
        const index = next++;
        if (index >= items.length) return;
        results[index] = await work(items[index] as T);
      }
    }),
  );
  return results;
}
