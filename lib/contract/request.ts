/**
 * A request is a value. `request()` makes one, `encode` turns it into HTTP, `decode` turns HTTP back into a checked value:
 * `decode(encode(x)) = x` for every row of the table. Nobody else knows a URL.
 */
import * as z from "zod/mini";
import { ociError } from "./errors.ts";
import { parseJsonStrictly } from "./json.ts";
import {
  type Method,
  type OperationName,
  type OperationRow,
  type Operations,
  operationNames,
  operationRow,
  operations,
  type RequestHeader,
  type Service,
} from "./operations.ts";

type PathParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParamNames<Rest>
  : never;

/** Wire header to the parameter's name in code, as Oracle's SDKs call it. */
const headerParams = {
  "if-match": "ifMatch",
  "if-none-match": "ifNoneMatch",
  "opc-retry-token": "opcRetryToken",
  "content-md5": "contentMd5",
  range: "range",
} as const satisfies Record<RequestHeader, string>;

/** A raw body whose size and digest are known before the first byte leaves; `stream` may be opened again for a retry. */
export interface BodySource {
  readonly byteLength: number;
  readonly sha256Base64: string;
  stream(): AsyncIterable<Uint8Array>;
}

type BodyOf<Row> = Row extends { body: "bytes" }
  ? { body: Uint8Array | BodySource }
  : Row extends { body: infer Schema extends z.ZodMiniType }
    ? Row extends { bodyOptional: true }
      ? { body?: z.output<Schema> }
      : { body: z.output<Schema> }
    : unknown;

/** An object schema without fields would forbid every other field. */
type QueryOf<Row extends { query: Record<string, z.ZodMiniType> }> = keyof Row["query"] extends never
  ? unknown
  : z.output<z.ZodMiniObject<Row["query"]>>;

/** Everything an operation takes, flat, by Oracle's names; the JSON or raw body is `body`. */
export type Params<Name extends OperationName = OperationName> = {
  [Key in PathParamNames<Operations[Name]["path"]>]: string;
} & QueryOf<Operations[Name]> & {
    [Header in Operations[Name]["headers"][number] as (typeof headerParams)[Header]]?: string;
  } & BodyOf<Operations[Name]> & {
    /** Sent as `opc-request-id` (Object Storage: `opc-client-request-id`). */
    opcRequestId?: string;
  };

export interface OperationRequest<Name extends OperationName = OperationName> {
  readonly operation: Name;
  readonly params: Params<Name>;
}

/** What `decode` gives: the operation is only known at run time, so the parameters are seen loosely. */
export interface DecodedRequest {
  readonly operation: OperationName;
  readonly params: Record<string, unknown>;
}

/** The checked answer type of an operation; `null` without a body, bytes where it is not JSON. */
export type Result<Name extends OperationName> = Operations[Name]["result"] extends z.ZodMiniType
  ? z.output<Operations[Name]["result"]>
  : Operations[Name]["result"] extends "bytes"
    ? Uint8Array
    : null;

export interface WireRequest {
  readonly service: Service;
  readonly method: Method;
  /** Path and query exactly as sent, percent-encoded. */
  readonly target: string;
  /** Lower-case names; without host, date and authorization, which belong to the signer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where no body is sent. */
  readonly body: string | Uint8Array | BodySource | undefined;
}

/** Makes a typed request value. It is checked when it is decoded, at the boundary, not here. */
export function request<Name extends OperationName>(operation: Name, params: Params<Name>): OperationRequest<Name> {
  return { operation, params };
}

/** RFC 3986 percent-encoding: everything but unreserved characters. */
function percentEncode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The HTTP form of a request. A missing path parameter is a programmer's error and throws a TypeError. */
export function encode(value: OperationRequest | DecodedRequest): WireRequest {
  const row = operationRow(value.operation);
  const params = value.params as Record<string, unknown>;
  const path = row.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const param = params[name];
    if (typeof param !== "string" || param === "") throw new TypeError(`${value.operation} needs ${name}`);
    return percentEncode(param);
  });
  const query = Object.keys(row.query)
    .filter((name) => params[name] !== undefined)
    .map((name) => `${name}=${percentEncode(String(params[name]))}`)
    .join("&");
  const headers: Record<string, string> = {};
  for (const header of row.headers) {
    const param = params[headerParams[header]];
    if (param !== undefined) headers[header] = String(param);
  }
  if (typeof params.opcRequestId === "string") {
    headers[row.service === "objectstorage" ? "opc-client-request-id" : "opc-request-id"] = params.opcRequestId;
  }
  const body = encodeBody(row, params.body);
  if (row.method === "POST" || row.method === "PUT") {
    headers["content-type"] = row.body === "bytes" ? "application/octet-stream" : "application/json";
  }
  return { service: row.service, method: row.method, target: query === "" ? path : `${path}?${query}`, headers, body };
}

function encodeBody(row: OperationRow, body: unknown): WireRequest["body"] {
  if (row.body === null || body === undefined) return undefined;
  return row.body === "bytes" ? (body as Uint8Array | BodySource) : JSON.stringify(body);
}

/** HTTP as it arrived, for `decode`. `body` is undefined or empty where none came. */
export interface ArrivedRequest {
  readonly method: string;
  readonly target: string;
  header(name: string): string | null | undefined;
  readonly body: Uint8Array | undefined;
}

const routes = operationNames.map((name) => {
  const row = operationRow(name);
  return {
    name,
    row,
    segments: row.path.split("/"),
    literals: row.path.split("/").filter((part) => !part.startsWith("{")).length,
  };
});
// Literals first: `/vaults/actions/restoreFromFile` stands where `{vaultId}` stands elsewhere.
routes.sort((a, b) => b.literals - a.literals);

/**
 * Finds the row of a method and path. Throws NotFound for a path that is in no row, MethodNotAllowed for one that is.
 * With `service` only that service's rows count.
 */
export function matchOperation(
  method: string,
  path: string,
  service?: Service,
): { operation: OperationName; pathParams: Record<string, string> } {
  const parts = path.split("/");
  let isPathKnown = false;
  for (const route of routes) {
    if (service !== undefined && route.row.service !== service) continue;
    const pathParams = matchSegments(route.segments, parts);
    if (pathParams === null) continue;
    if (route.row.method === method) return { operation: route.name, pathParams };
    isPathKnown = true;
  }
  if (isPathKnown) throw ociError("MethodNotAllowed", `${method} is not allowed here.`);
  throw ociError("NotFound", "There is no such resource path.");
}

function matchSegments(template: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (template.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of template.entries()) {
    const part = parts[index] ?? "";
    if (!segment.startsWith("{")) {
      if (segment !== part) return null;
      continue;
    }
    if (part === "") return null;
    try {
      params[segment.slice(1, -1)] = decodeURIComponent(part);
    } catch {
      return null;
    }
  }
  return params;
}

/**
 * Checks an arrived request against the table. Throws OciError: NotFound, MethodNotAllowed, MissingParameter,
 * InvalidParameter or CannotParseRequest, naming the field. `unknown: "refuse"` also refuses parameters and body
 * fields no row has (our own boundary); the service itself ignores them (E17).
 */
export function decode(
  arrived: ArrivedRequest,
  options: { service?: Service; unknown?: "ignore" | "refuse" } = {},
): DecodedRequest {
  const mark = arrived.target.indexOf("?");
  const path = mark < 0 ? arrived.target : arrived.target.slice(0, mark);
  const { operation, pathParams } = matchOperation(arrived.method, path, options.service);
  const row = operationRow(operation);
  const isStrict = options.unknown === "refuse";
  const params: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(pathParams)) {
    const schema = row.pathParams?.[name];
    params[name] = schema === undefined ? value : check(schema, value, name);
  }
  decodeQuery(row, mark < 0 ? "" : arrived.target.slice(mark + 1), isStrict, params);
  for (const header of row.headers) {
    const value = arrived.header(header);
    if (value === null || value === undefined) continue;
    if (value.length > 1024) throw ociError("InvalidParameter", `${header} is longer than 1024 characters.`);
    params[headerParams[header]] = value;
  }
  const requestId = arrived.header(row.service === "objectstorage" ? "opc-client-request-id" : "opc-request-id");
  if (requestId !== null && requestId !== undefined) params.opcRequestId = requestId;
  const body = decodeBody(row, arrived.body, isStrict);
  if (body !== undefined) params.body = body;
  return { operation, params };
}

function decodeQuery(row: OperationRow, text: string, isStrict: boolean, params: Record<string, unknown>): void {
  const search = new URLSearchParams(text);
  for (const [name, schema] of Object.entries(row.query)) {
    const value = search.get(name);
    if (value === null && !isRequired(schema)) continue;
    if (value === null) throw ociError("MissingParameter", `${name} is required.`);
    params[name] = check(schema, value, name);
  }
  if (!isStrict) return;
  for (const name of search.keys()) {
    if (!Object.hasOwn(row.query, name))
      throw ociError("InvalidParameter", `${name} is not a parameter of this operation.`);
    if (search.getAll(name).length > 1) throw ociError("InvalidParameter", `${name} is given more than once.`);
  }
}

function isRequired(schema: z.ZodMiniType): boolean {
  return !z.safeParse(schema, undefined).success;
}

function decodeBody(row: OperationRow, bytes: Uint8Array | undefined, isStrict: boolean): unknown {
  if (row.body === null) return undefined;
  if (row.body === "bytes") return bytes ?? new Uint8Array();
  if (bytes === undefined || bytes.length === 0) {
    if (row.bodyOptional) return undefined;
    throw ociError("MissingParameter", "The request needs a body.");
  }
  const value = isStrict ? parseStrictly(bytes) : parseJson(bytes);
  const parsed = check(row.body, value, "");
  if (isStrict) refuseUnknownFields(value, parsed, "");
  return parsed;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw ociError("CannotParseRequest", "Incorrectly formatted request: the body is not JSON in UTF-8.");
  }
}

function parseStrictly(bytes: Uint8Array): unknown {
  try {
    return parseJsonStrictly(bytes);
  } catch (error) {
    throw ociError("CannotParseRequest", `Incorrectly formatted request: the body ${(error as Error).message}.`);
  }
}

/** Parsing drops the fields a model does not have; what was dropped was unknown. */
function refuseUnknownFields(given: unknown, parsed: unknown, path: string): void {
  if (typeof given !== "object" || given === null || typeof parsed !== "object" || parsed === null) return;
  for (const [name, value] of Object.entries(given)) {
    const where = path === "" ? name : `${path}.${name}`;
    if (!Object.hasOwn(parsed, name)) throw ociError("InvalidParameter", `${where} is not a field of this operation.`);
    refuseUnknownFields(value, (parsed as Record<string, unknown>)[name], where);
  }
}

function check(schema: z.ZodMiniType, value: unknown, name: string): unknown {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = [name, ...(issue?.path ?? [])].filter((part) => part !== "").join(".") || "body";
  const isMissing = issue !== undefined && valueAt(value, issue.path) === undefined;
  if (isMissing) throw ociError("MissingParameter", `${where} is required.`);
  throw ociError("InvalidParameter", `${where}: ${issue?.message ?? "is not valid"}.`.replace(/\.\.$/, "."));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}

/** Checks an answer's JSON as a tolerant reader. Throws a plain Error that names the operation and the field. */
export function readResult<Name extends OperationName>(operation: Name, json: unknown): Result<Name> {
  const schema = operations[operation].result;
  if (schema === null || schema === "bytes") return null as Result<Name>;
  const result = z.safeParse(schema as z.ZodMiniType, json);
  if (result.success) return result.data as Result<Name>;
  const issue = result.error.issues[0];
  throw new Error(
    `the answer of ${operation} does not fit its model: ${issue?.path.join(".") || "body"} ${issue?.message ?? ""}`.trim(),
  );
}

/**
 * The console's own address of a request: `/api/oci/{tenancy}/{service}/{region}` and the service's path. Calls to a
 * vault's management endpoint name the vault, whose endpoint the server looks up: an address never comes from a browser.
 */
export function consolePath(
  value: OperationRequest,
  place: { tenancy: string; region: string; managementOf?: string },
): string {
  const wire = encode(value);
  const vault = wire.service === "management" ? `/${percentEncode(place.managementOf ?? "")}` : "";
  return `/api/oci/${percentEncode(place.tenancy)}/${wire.service}/${percentEncode(place.region)}${vault}${wire.target}`;
}
