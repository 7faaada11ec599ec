/**
 * Where requests go: built-in templates for every realm, overrides from configuration, and nothing from a request or an
 * answer except a vault's management endpoint, which must have the form Oracle gives it (contract, section 5).
 */
import { isIP } from "node:net";
import type { Service } from "#lib/contract/operations.ts";
import { UpstreamFailure } from "./failure.ts";
import { type Realm, type Region, realms, regions } from "./regions.ts";

export type BuiltInService = Exclude<Service, "management">;
/** Base addresses by region and service, such as the emulator prints them. */
export type EndpointOverrides = Readonly<Record<string, Readonly<Partial<Record<BuiltInService, string>>>>>;

export interface EndpointOptions {
  readonly overrides?: EndpointOverrides | undefined;
  /** Addresses for every region, known or not; `{region}` is filled in. An override of a region comes first. */
  readonly templates?: Readonly<Partial<Record<BuiltInService, string>>> | undefined;
  /** With true a region without override has no address: a rehearsal can never reach the real service. */
  readonly isOverridesOnly?: boolean | undefined;
  /** Regions newer than the built-in table, from `regions-config.json` or `OCI_REGION_METADATA`. */
  readonly extraRegions?: readonly Region[] | undefined;
  /** Domain for unknown regions, lower case (`OCI_DEFAULT_REALM`); else the realm of the tenancy, else oc1. */
  readonly defaultDomain?: string | undefined;
  /** Realm identifier of the tenancy: the third part of its OCID. */
  readonly realm?: string | undefined;
  /** Object Storage at addresses of its own realm and namespace (oc1 only), Oracle's opt-in. */
  readonly isObjectStorageRealmSpecific?: boolean | undefined;
}

export interface Endpoints {
  /** A region by identifier or key. Throws UpstreamFailure `bad_endpoint` for what cannot be one. */
  region(idOrKey: string): Region;
  /** Origin for a service in a region, without trailing slash. Throws UpstreamFailure `bad_endpoint`. */
  origin(service: BuiltInService, region: string, namespace?: string): string;
  /** Origin of a vault's management endpoint, if a signature may be sent there. Throws UpstreamFailure `bad_endpoint`. */
  acceptManagementEndpoint(url: string, region: string): string;
}

const regionPattern = /^[a-z][a-z0-9-]{2,39}$/;
const domainPattern = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** Makes the address book. Throws a plain Error that names the setting when an override is not acceptable. */
export function createEndpoints(options: EndpointOptions = {}): Endpoints {
  const overrides = readOverrides(options.overrides ?? {});
  const known = new Map([...(options.extraRegions ?? []).map((extra) => [extra.id, extra] as const), ...regions]);
  const byKey = new Map([...known.values()].map((each) => [each.key, each]));
  const fallback = fallbackRealm(options);

  function region(idOrKey: string): Region {
    const name = idOrKey.trim().toLowerCase();
    const found = known.get(name) ?? byKey.get(name);
    if (found !== undefined) return found;
    if (!regionPattern.test(name)) throw noEndpoint(`"${printable(name)}" is not a region.`);
    return { id: name, key: name, realm: fallback };
  }

  function configured(service: BuiltInService, id: string): string | undefined {
    return overrides.get(id)?.get(service) ?? options.templates?.[service]?.replaceAll("{region}", id);
  }

  function origin(service: BuiltInService, regionName: string, namespace?: string): string {
    const { id, realm } = region(regionName);
    const override = configured(service, id);
    if (override !== undefined) return override;
    if (options.isOverridesOnly) throw noEndpoint(`There is no ${service} address for region ${id} in this rehearsal.`);
    if (service === "identity" || service === "limits") return `https://${service}.${id}.oci.${realm.domain}`;
    if (service === "objectstorage" && options.isObjectStorageRealmSpecific && realm.id === "oc1") {
      const prefix = namespace !== undefined && /^[a-z0-9-]{1,63}$/.test(namespace) ? `${namespace}.` : "";
      return `https://${prefix}objectstorage.${id}.oci.customer-oci.com`;
    }
    return `https://${service}.${id}.${realm.domain}`;
  }

  function acceptManagementEndpoint(text: string, regionName: string): string {
    const { id, realm } = region(regionName);
    const url = parseOrigin(text);
    if (url === undefined) throw noEndpoint("The vault's management endpoint is not an address.");
    const override = configured("kms", id);
    if (override !== undefined && isBesideOverride(url, override, id)) return url.origin;
    const isOracles = [`-management.kms.${id}.${realm.domain}`, `-management.kms.${id}.oci.${realm.domain}`].some(
      (ending) => url.hostname.endsWith(ending) && /^[a-z0-9-]{1,62}$/.test(url.hostname.slice(0, -ending.length)),
    );
    if (isOracles && url.protocol === "https:" && url.port === "" && !options.isOverridesOnly) return url.origin;
    throw noEndpoint(`The vault's management endpoint is not one of Key Management in ${id}; nothing was sent there.`);
  }

  return { region, origin, acceptManagementEndpoint };
}

/** The emulator serves a vault at a name of its own under `.kms.{region}.localhost`, on the port of its region. */
function isBesideOverride(url: URL, override: string, region: string): boolean {
  const base = new URL(override);
  return (
    isLoopbackHost(base.hostname) &&
    url.protocol === base.protocol &&
    url.port === base.port &&
    url.hostname.endsWith(`.kms.${region}.localhost`)
  );
}

function fallbackRealm(options: EndpointOptions): Realm {
  if (options.defaultDomain !== undefined) {
    return { id: "unknown", domain: options.defaultDomain };
  }
  return realms.get(options.realm ?? "oc1") ?? { id: "oc1", domain: "oraclecloud.com" };
}

function readOverrides(overrides: EndpointOverrides): Map<string, Map<string, string>> {
  const read = new Map<string, Map<string, string>>();
  for (const [region, services] of Object.entries(overrides)) {
    const origins = new Map<string, string>();
    for (const [service, text] of Object.entries(services)) {
      const url = parseOrigin(text);
      const setting = `the ${service} endpoint of region ${region}`;
      if (url === undefined) {
        throw new Error(`${setting} must be http:// or https:// with a host and nothing after it: ${printable(text)}`);
      }
      if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
        throw new Error(`${setting} must be https://: signed requests leave this machine encrypted only`);
      }
      origins.set(service, url.origin);
    }
    read.set(region, origins);
  }
  return read;
}

/** A URL that is an origin and nothing else: no user, path, query or fragment. */
function parseOrigin(text: string): URL | undefined {
  if (text.length > 512 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain =
    url.username === "" && url.password === "" && url.pathname === "/" && url.search === "" && url.hash === "";
  return isPlain && !/[?#@]/.test(text) && (url.protocol === "https:" || url.protocol === "http:") ? url : undefined;
}

/** Whether a domain is written as one, in lower case. */
export function isDomain(text: string): boolean {
  return domainPattern.test(text);
}

/** Whether a URL's host is this machine. */
export function isLoopbackHost(host: string): boolean {
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    (isIP(host) === 4 && host.startsWith("127."))
  );
}

function noEndpoint(message: string): UpstreamFailure {
  return new UpstreamFailure({ kind: "bad_endpoint", message });
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 80);
}

/**
 * A region from Oracle's region metadata (`OCI_REGION_METADATA`, or an entry of `regions-config.json`). Throws a plain
 * Error that names the missing field.
 */
export function parseRegionMetadata(entry: unknown): Region {
  const fields = (typeof entry === "object" && entry !== null ? entry : {}) as Record<string, unknown>;
  const read = (name: string, pattern: RegExp) => {
    const value = fields[name];
    if (typeof value !== "string" || !pattern.test(value.toLowerCase()))
      throw new Error(`region metadata: ${name} is missing or not valid`);
    return value.toLowerCase();
  };
  return {
    id: read("regionIdentifier", regionPattern),
    key: read("regionKey", /^[a-z0-9]{3,10}$/),
    realm: { id: read("realmKey", /^[a-z0-9]{2,10}$/), domain: read("realmDomainComponent", domainPattern) },
  };
}
