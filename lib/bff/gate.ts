/**
 * The gate: who may ask for an address is read from the table of routes and judged here, before any handler runs. An address or
 * method that is not in the table is refused, and so is everybody the table does not name: a handler cannot forget to ask.
 */
import type { ConsoleRole } from "#lib/contract/api.ts";
import type { Config } from "./config.ts";
import { requireSameOriginRead, requireSameOriginWrite } from "./guard.ts";
import { Refusal } from "./refusal.ts";
import { findRoute, type RouteMethod, type Who } from "./routes.ts";
import { notSignedIn, type Sessions, type SignedIn } from "./session.ts";

/** One request on its way to its handler. */
export interface Call {
  readonly request: Request;
  /** The raw request target. */
  readonly target: string;
  readonly requestId: string;
  /** Null only where the table lets anyone ask. */
  readonly who: SignedIn | null;
}

/** A request of somebody who is signed in. */
export interface PersonCall extends Call {
  readonly who: SignedIn;
}

/** What the table says about one request. */
export interface Access {
  /** The address as the table has it. */
  readonly path: string;
  readonly who: Who;
}

/** Pages ask these over and over: that is nobody at the keyboard, and the idle clock runs on. */
const polled: readonly string[] = [
  "GET /api/inventory",
  "GET /api/status",
  "GET /api/approvals",
  "GET /api/approvals/[id]",
];

/** Whom each word of the table lets in. What only operations, questions or a handler's own checks decide needs a session first. */
const rolesOf: Readonly<Record<Exclude<Who, "anyone" | "own checks">, readonly ConsoleRole[]>> = {
  "signed in": ["helpdesk", "auditor", "operator", "admin"],
  admin: ["admin"],
  reviewer: ["auditor", "admin"],
  "by operation": ["helpdesk", "auditor", "operator", "admin"],
  "by question": ["helpdesk", "auditor", "operator", "admin"],
};

/** Finds the request in the table. Throws a Refusal when it is not there. */
export function findAccess(method: string, target: string): Access {
  const route = findRoute(target.split("?", 1)[0] ?? "");
  if (route === null) throw new Refusal(404, "NotFound", "There is no such address in the console.");
  const who = Object.hasOwn(route.methods, method) ? route.methods[method as RouteMethod] : undefined;
  if (who === undefined) throw new Refusal(405, "MethodNotAllowed", `${method} is not allowed here.`);
  return { path: route.path, who };
}

/** Who asks, from one of the console's own pages; null where anyone may. Throws a Refusal for other pages and for nobody. */
export async function identify(
  { config, sessions }: { readonly config: Config; readonly sessions: Sessions },
  { path, who }: Access,
  request: Request,
): Promise<SignedIn | null> {
  if (who === "anyone" || who === "own checks") return null;
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead) requireSameOriginRead(request);
  else requireSameOriginWrite(request, config.origins);
  const person = await sessions.identify(request, { isActivity: !polled.includes(`${request.method} ${path}`) });
  if (person === null) throw notSignedIn();
  return person;
}

/** Throws the refusal of somebody whose role the table does not let in. */
export function requireAccess({ path, who }: Access, person: SignedIn | null): void {
  if (who === "anyone" || who === "own checks") return;
  if (person !== null && rolesOf[who].includes(person.role)) return;
  throw new Refusal(403, "NotPermitted", wordsFor(path, who));
}

const trailWords = "The whole trail is for auditors and security admins. Activity of one vault is on its page.";

function wordsFor(path: string, who: Who): string {
  if (path.startsWith("/api/people")) return "Only a security admin sees and changes who may use the console.";
  if (path.startsWith("/api/activity")) return trailWords;
  if (path.startsWith("/api/approvals"))
    return who === "admin"
      ? "Only a security admin can decide this."
      : "Requests for approval are for security admins and auditors.";
  return "Your role may not do this.";
}

/** The refusal of a question about the whole trail. */
export function trailNotPermitted(): Refusal {
  return new Refusal(403, "NotPermitted", trailWords);
}

/** Takes a call for one of somebody signed in; without a person it goes no further, whatever the table says. */
export function ofPerson(call: Call): PersonCall {
  const { who } = call;
  if (who === null) throw notSignedIn();
  return { ...call, who };
}
