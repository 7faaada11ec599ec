/** Pages of lists. E2: 100 a page by default, 1,000 at most, tokens opaque, URL-safe and good for their own query only. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { ociError } from "#lib/contract/errors.ts";
import type { World } from "./world.ts";

export interface PageRequest<Item> {
  readonly items: Iterable<Item>;
  /** What the list is sorted by; ties go by `idOf`. */
  sortKeyOf(item: Item): string | number;
  idOf(item: Item): string;
  readonly isDescending: boolean;
  readonly limit: number | undefined;
  readonly defaultLimit?: number;
  readonly page: string | undefined;
  /** Everything the token must not be used without: operation, tenancy, region, filter, sort. */
  readonly query: readonly (string | boolean | undefined)[];
}

type Position = readonly [sortKey: string | number, id: string];

/** One page, sorted, and the header that leads to the next. A token stands for a place in the order, so rows that come and go shift nothing. */
export function cutPage<Item>(
  world: World,
  request: PageRequest<Item>,
): { items: Item[]; headers: Record<string, string> } {
  const rows = [...request.items].map((item) => ({
    item,
    position: [request.sortKeyOf(item), request.idOf(item)] as Position,
  }));
  const direction = request.isDescending ? -1 : 1;
  rows.sort((a, b) => direction * compare(a.position, b.position));
  const after = request.page === undefined ? undefined : readToken(world, request.page, request.query);
  const rest =
    after === undefined ? rows : rows.filter((row) => direction * compare(row.position, after as Position) > 0);
  const limit = request.limit ?? request.defaultLimit ?? 100;
  const cut = rest.slice(0, limit);
  const last = cut.at(-1);
  const headers =
    last !== undefined && rest.length > limit
      ? { "opc-next-page": makeToken(world, last.position, request.query) }
      : ({} as Record<string, string>);
  return { items: cut.map((row) => row.item), headers };
}

function compare(a: Position, b: Position): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  if (a[1] === b[1]) return 0;
  return a[1] < b[1] ? -1 : 1;
}

const sealBytes = 12;

function makeToken(world: World, position: Position, query: PageRequest<unknown>["query"]): string {
  const text = Buffer.from(JSON.stringify(position));
  return Buffer.concat([seal(world, text, query), text]).toString("base64url");
}

function readToken(world: World, token: string, query: PageRequest<unknown>["query"]): Position {
  if (/^[A-Za-z0-9_-]+$/.test(token)) {
    const bytes = Buffer.from(token, "base64url");
    const text = bytes.subarray(sealBytes);
    const expected = seal(world, text, query);
    if (bytes.length > sealBytes && timingSafeEqual(bytes.subarray(0, sealBytes), expected)) {
      return JSON.parse(text.toString()) as Position;
    }
  }
  throw ociError("InvalidParameter", "page: is not a page token of this query.");
}

function seal(world: World, text: Uint8Array, query: PageRequest<unknown>["query"]): Buffer {
  const mac = createHmac("sha256", world.secret("pages"));
  return mac.update(JSON.stringify(query)).update("\n").update(text).digest().subarray(0, sealBytes);
}
