/**
 * Browsers a person has signed in with by password. A cookie names the browser, not the person, and opens nothing: tries from it
 * are counted by themselves, so that strangers who guess, from next door too, cannot keep the person out.
 */
import { randomBytes } from "node:crypto";
import type { Database } from "#lib/store/database.ts";
import { hashSecret } from "#lib/store/sessions.ts";
import { noteSeen, wasSeen } from "#lib/store/sign-in-tries.ts";
import type { Config } from "./config.ts";
import { readCookie } from "./session.ts";

interface Parts {
  readonly config: Config;
  readonly db: Database;
  readonly clock: () => number;
}

/** A browser and a place are known this long after the last sign-in. */
export const knownMs = 30 * 86_400_000;

const cookieName = ({ config }: Parts) => (config.isHttps ? "__Host-ovc_device" : "ovc_device");

function keyOf(request: Request, parts: Parts, subject: string): { token: string; key: string } | null {
  const token = readCookie(request.headers.get("cookie"), cookieName(parts));
  return token !== null && /^[\w-]{43}$/.test(token) ? { token, key: deviceKey(subject, token) } : null;
}

const deviceKey = (subject: string, token: string) => `device:${hashSecret(subject)}:${hashSecret(token)}`;

/** By what tries from this browser are counted; null when this person has not signed in with it lately. */
export async function findKnownDevice(parts: Parts, request: Request, subject: string): Promise<string | null> {
  const found = keyOf(request, parts, subject);
  return found !== null && (await wasSeen(parts.db, found.key, parts.clock() - knownMs)) ? found.key : null;
}

/** Notes the browser somebody has just signed in with; gives its Set-Cookie value. What somebody else may have planted is replaced. */
export async function rememberDevice(parts: Parts, request: Request, subject: string): Promise<string> {
  const isKnown = (await findKnownDevice(parts, request, subject)) !== null;
  const known = isKnown ? keyOf(request, parts, subject)?.token : undefined;
  const token = known ?? randomBytes(32).toString("base64url");
  await noteSeen(parts.db, deviceKey(subject, token), parts.clock());
  const secure = parts.config.isHttps ? "; Secure" : "";
  return `${cookieName(parts)}=${token}; Path=/; HttpOnly; SameSite=Strict${secure}; Max-Age=${knownMs / 1000}`;
}
