/**
 * The front door: what every request must be before Next sees it, and the headers every answer carries, errors and static
 * files included (promise P21). It also makes the request id and the nonce of the page's policy.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isIP, type Socket } from "node:net";
import type { ApiErrorBody } from "#lib/contract/api.ts";
import type { Config } from "./config.ts";
import { encodingHeader, requestIdHeader, targetHeader } from "./console.ts";
import { addressHeader } from "./device.ts";
import { findRoute } from "./routes.ts";

const targetCharactersMax = 8192;
const methods = new Set(["GET", "HEAD", "POST", "PUT", "DELETE"]);
/** Headers that only a proxy or Next itself may set; from outside they are dropped before Next could believe them. */
const droppedHeaders =
  /^(x-ovc-(target|request-id|address)|x-nonce|content-security-policy.*|x-middleware-.*|x-nextjs-.*|x-forwarded-.*|forwarded|x-matched-path|x-invoke-.*|next-resume|x-real-ip)$/;

/** By which a page's own script asks Next for the page as data. */
const pageHeaders = /^(rsc|next-.*)$/;

const commonHeaders: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
};
/** Answers that are not pages run nothing. */
const closedPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
/** Of an answer that is no page, given before or beside the front door's own way: its id is nobody's but its own. */
export function closedHeaders(config: Pick<Config, "isHttps">): Readonly<Record<string, string>> {
  return {
    ...commonHeaders,
    ...secureHeaders(config),
    "x-request-id": newRequestId(),
    "content-security-policy": closedPolicy,
    "cache-control": "no-store",
  };
}

function secureHeaders({ isHttps }: Pick<Config, "isHttps">): Readonly<Record<string, string>> {
  return isHttps ? { "strict-transport-security": "max-age=63072000; includeSubDomains" } : {};
}

function newRequestId(): string {
  return randomBytes(16).toString("hex");
}

/** Built files; a worker lives under the policy of its own file, so `sandbox` would take its origin away. */
const staticPolicy = "default-src 'none'; script-src 'self'; frame-ancestors 'none'";

export interface FrontDoor {
  /** Checks a request and dresses the answer. False when it was answered here and must go no further. */
  admit(request: IncomingMessage, response: ServerResponse): boolean;
  /** For an `Expect` other than `100-continue`, which Node would answer by itself, without any of our headers. */
  refuseExpectation(request: IncomingMessage, response: ServerResponse): void;
  /** For requests too broken to parse: a status with every header, no words, and an end. */
  rejectBroken(error: Error & { code?: string }, socket: Socket): void;
}

/**
 * The policies of a page; a browser obeys both (promises P22, P23). By the first a script needs the nonce or comes from one
 * that had it, and no string becomes script or markup except by the page's own Trusted Types policy; by the second a script
 * that got in that way must still be a file of ours.
 */
export function pagePolicies(nonce: string, isDevelopment: boolean): readonly [string, string] {
  const scripts = `'nonce-${nonce}' 'strict-dynamic'`;
  const styles = isDevelopment ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`;
  const first = [
    "default-src 'none'",
    // Live reload evaluates text; Trusted Types would forbid it.
    `script-src ${scripts}${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `style-src ${styles}`,
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    ...(isDevelopment ? [] : ["require-trusted-types-for 'script'", "trusted-types default"]),
    "report-uri /api/csp-report",
  ];
  const second = `script-src 'self' 'nonce-${nonce}'${isDevelopment ? " 'unsafe-eval'" : ""}; base-uri 'none'; object-src 'none'; report-uri /api/csp-report`;
  return [first.join("; "), second];
}

export function createFrontDoor(config: Config): FrontDoor {
  const hosts = new Set(config.origins.map((origin) => new URL(origin).host));
  const secure = secureHeaders(config);
  const proxies = new Set([...config.trustedProxies, ...(config.isHttps ? ["127.0.0.1", "::1"] : [])]);

  function admit(request: IncomingMessage, response: ServerResponse): boolean {
    const target = request.url ?? "";
    const requestId = newRequestId();
    for (const [name, value] of Object.entries({ ...commonHeaders, ...secure })) response.setHeader(name, value);
    response.setHeader("x-request-id", requestId);
    response.setHeader("content-security-policy", closedPolicy);
    const problem = findProblem(request, target);
    if (problem !== null) {
      refuse(response, problem, requestId);
      return false;
    }
    const address = readAddress(request, proxies);
    for (const name of Object.keys(request.headers)) if (droppedHeaders.test(name)) delete request.headers[name];
    request.headers[targetHeader] = target;
    request.headers[requestIdHeader] = requestId;
    request.headers[addressHeader] = address;
    if (isPage(target)) dressPage(request, response);
    else if (target.startsWith("/api/")) {
      // Data has no page behind it: with these Next would answer as if it had.
      for (const name of Object.keys(request.headers)) if (pageHeaders.test(name)) delete request.headers[name];
      dressData(response);
    } else response.setHeader("content-security-policy", staticPolicy);
    return true;
  }

  function refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
    if (!admit(request, response)) return;
    const message = "This console has no such expectations to meet.";
    refuse(response, { status: 417, code: "ExpectationFailed", message }, String(request.headers[requestIdHeader]));
  }

  function dressPage(request: IncomingMessage, response: ServerResponse): void {
    const nonce = randomBytes(16).toString("base64");
    const policies = pagePolicies(nonce, config.isDevelopment);
    request.headers["x-nonce"] = nonce;
    // Next takes the nonce for its own scripts from the policy on the request.
    request.headers["content-security-policy"] = policies[0];
    response.setHeader("content-security-policy", policies);
    response.setHeader("cache-control", "no-store");
  }

  function findProblem(request: IncomingMessage, target: string): Problem | null {
    if (!methods.has(request.method ?? ""))
      return { status: 405, code: "MethodNotAllowed", message: `${request.method} is not allowed.` };
    if (target.length > targetCharactersMax)
      return { status: 414, code: "UriTooLong", message: "The address is too long." };
    if (!isPlainTarget(target))
      return { status: 400, code: "BadTarget", message: "The address is not a plain path of this console." };
    // Node takes the first of several; somebody in front of us might take the last.
    if (request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length > 1)
      return { status: 400, code: "BadHost", message: "The request names more than one host." };
    if (!hosts.has(request.headers.host ?? "")) {
      return {
        status: 421,
        code: "UnknownHost",
        message: `This console does not answer under the name "${printable(request.headers.host ?? "")}".`,
        action: `Open ${config.origins[0]}. Whoever runs the console sets the name as APP_ORIGIN.`,
      };
    }
    return findClosedRoute(request.method ?? "", target.split("?", 1)[0] ?? "", config.isDevelopment);
  }

  return { admit, refuseExpectation, rejectBroken: (error, socket) => rejectBroken(config, error, socket) };
}

/** Addresses that are not in the table of routes, and what pages and files are not asked with. */
function findClosedRoute(method: string, path: string, isDevelopment: boolean): Problem | null {
  const none = { status: 404, code: "NotFound", message: "There is no such address in the console." };
  const methods = path.startsWith("/api/") ? (findRoute(path)?.methods ?? null) : { GET: "anyone", HEAD: "anyone" };
  if (methods === null) return none;
  // Live reload has addresses of its own there.
  if (path.startsWith("/_next/") && !path.startsWith("/_next/static/") && !isDevelopment) return none;
  if (Object.hasOwn(methods, method)) return null;
  return {
    status: 405,
    code: "MethodNotAllowed",
    message: `${method} is not allowed here.`,
    allow: Object.keys(methods).join(", "),
  };
}

/** The person's network address: the connection's, or what a trusted proxy in front saw. */
function readAddress(request: IncomingMessage, proxies: ReadonlySet<string>): string {
  const peer = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  if (!proxies.has(peer)) return peer;
  const said =
    String(request.headers["x-forwarded-for"] ?? "")
      .split(",")
      .at(-1)
      ?.trim() ?? "";
  return isIP(said) === 0 ? peer : said;
}

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly action?: string;
  readonly allow?: string;
}

/**
 * Next drops `content-encoding` from what handlers answer; a handler that compressed its body says so in a header of
 * ours. `no-transform` keeps Next from compressing it again.
 */
function dressData(response: ServerResponse): void {
  response.setHeader("cache-control", "no-store, no-transform");
  const writeHead = response.writeHead;
  response.writeHead = function (this: ServerResponse, ...args: unknown[]) {
    const encoding = this.getHeader(encodingHeader);
    if (encoding !== undefined) {
      this.removeHeader(encodingHeader);
      this.setHeader("content-encoding", encoding);
    }
    return Reflect.apply(writeHead, this, args);
  } as typeof response.writeHead;
}

/** A path of ours, in origin form: no absolute form, no dot segments, no doubled or backward slashes, nothing to decode twice. */
function isPlainTarget(target: string): boolean {
  const path = target.split("?")[0] ?? "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (!path.startsWith("/") || /[\\\u0000-\u0020\u007f"<>^`{|}]|\/\//.test(target.replace(/\?.*$/, ""))) return false;
  if (path.split("/").some((part) => /^(\.|%2e){1,2}$/i.test(part))) return false;
  if (/%(00|0[ad]|5c|25)/i.test(path) || !canDecode(path)) return false;
  // Only an object's name may hold an encoded slash.
  return !/%2f/i.test(path) || /^\/api\/oci\/[^/]+\/objectstorage\//.test(path);
}

function canDecode(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function isPage(target: string): boolean {
  return !target.startsWith("/api/") && !target.startsWith("/_next/static/");
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 100);
}

function refuse(response: ServerResponse, problem: Problem, requestId: string): void {
  const body: ApiErrorBody = { code: problem.code, message: problem.message, action: problem.action, requestId };
  response.statusCode = problem.status;
  response.setHeader("content-type", "application/json");
  response.setHeader("cache-control", "no-store");
  if (problem.allow !== undefined) response.setHeader("allow", problem.allow);
  // What follows on this connection is not trusted either.
  response.setHeader("connection", "close");
  response.end(JSON.stringify(body));
}

function rejectBroken(config: Config, error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const status =
    error.code === "HPE_HEADER_OVERFLOW"
      ? "431 Request Header Fields Too Large"
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? "408 Request Timeout"
        : "400 Bad Request";
  const headers = Object.entries({
    ...closedHeaders(config),
    "content-length": "0",
    connection: "close",
  });
  socket.end(`HTTP/1.1 ${status}\r\n${headers.map(([name, value]) => `${name}: ${value}`).join("\r\n")}\r\n\r\n`);
}
