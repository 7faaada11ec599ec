/** Who may vouch for a person in this console, and the people of the rehearsal. */
import type { Persona, SessionUser } from "#lib/contract/api.ts";
import type { Config } from "./config.ts";

/** People whose password is kept here. */
export const localIssuer = "local";
/** Personas; they exist with the emulator on this machine and nowhere else. */
export const rehearsalIssuer = "rehearsal";

const loopback = /^(localhost|127\.0\.0\.1|\[?::1\]?)$/;

/**
 * Whether anybody may sign in as a persona: only when the emulator answers, the console listens on loopback, every address
 * people type is loopback too (no proxy in front), and no identity provider is configured.
 */
export function hasPersonas(config: Config): boolean {
  return (
    config.live === null &&
    config.oidc === null &&
    loopback.test(config.host) &&
    config.origins.every((origin) => loopback.test(new URL(origin).hostname))
  );
}

/** Sessions of anybody else do not count: neither a persona's in a live console, nor a provider's after it was removed. */
export function acceptedIssuers(config: Config): readonly string[] {
  if (hasPersonas(config)) return [rehearsalIssuer];
  return config.oidc === null ? [localIssuer] : [localIssuer, config.oidc.issuer];
}

/** How a person of this issuer proves who they are. */
export function viaOf(issuer: string): SessionUser["via"] {
  if (issuer === rehearsalIssuer) return "rehearsal";
  return issuer === localIssuer ? "password" : "provider";
}

const everyday: readonly Persona[] = [
  {
    id: "admin",
    role: "admin",
    name: "Ada Admin",
    summary: "Security admin. Does everything: creates, moves, restores, replicates and schedules deletions.",
  },
  {
    id: "operator",
    role: "operator",
    name: "Otto Operator",
    summary: "Operator. Does what can be undone: tags, names, backups, cancelling a deletion.",
  },
  {
    id: "helpdesk",
    role: "helpdesk",
    name: "Hanna Helpdesk",
    summary: "Help desk. Sees every vault and explains it on the phone; can change nothing.",
  },
  {
    id: "auditor",
    role: "auditor",
    name: "Amir Auditor",
    summary: "Auditor. Reads everything, the receipts of every change included; changes nothing.",
  },
];

const secondAdmin: Persona = {
  id: "second-admin",
  role: "admin",
  name: "Bea Admin",
  summary: "A second security admin. Agrees to what the first one asks for, or asks herself.",
};

/** The people of the rehearsal; a second admin only where there is something to agree to. */
export function personasOf(config: Pick<Config, "fourEyes">): readonly Persona[] {
  return config.fourEyes === "on" ? [...everyday, secondAdmin] : everyday;
}
