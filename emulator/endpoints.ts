/** Addresses, built when an answer is made: the ports may be others after a restart. */
import { endpointPart } from "./ocids.ts";

export interface Endpoints {
  /** Port of a served region on 127.0.0.1; undefined for a region without one. */
  portOf(region: string): number | undefined;
}

/** Base address of a region's services. */
export function regionAddress(endpoints: Endpoints, region: string): string {
  return `http://127.0.0.1:${endpoints.portOf(region) ?? 0}`;
}

/** A vault's own endpoint in a region. Names under `.localhost` are loopback (RFC 6761). */
export function vaultAddress(
  endpoints: Endpoints,
  vaultId: string,
  region: string,
  kind: "management" | "crypto",
): string {
  return `http://${endpointPart(vaultId)}-${kind}.kms.${region}.localhost:${endpoints.portOf(region) ?? 0}`;
}

/** The vault part named by a management endpoint's host, with or without port; undefined for any other host. */
export function vaultPartOfHost(host: string, region: string): string | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, "");
  const tail = `-management.kms.${region}.localhost`;
  return name.endsWith(tail) ? name.slice(0, -tail.length) : undefined;
}
