/** Where Oracle is: addresses of its services, and regions newer than the built-in table (contract, section 5). */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type EndpointOptions, isDomain, isLoopbackHost, parseRegionMetadata } from "#lib/oci/endpoints.ts";
import type { Region } from "#lib/oci/regions.ts";
import { SettingError } from "./setting-error.ts";

type Get = (name: string) => string | null;
export type EndpointSettings = Pick<
  EndpointOptions,
  "templates" | "extraRegions" | "defaultDomain" | "isObjectStorageRealmSpecific"
>;

const services = ["kms", "identity", "objectstorage", "limits"] as const;

/**
 * Templates of our own settings; the rest as Oracle's clients read it: `~/.oci/regions-config.json`, `OCI_REGION_METADATA`,
 * `OCI_DEFAULT_REALM` and the opt-in to Object Storage addresses by realm. `home` is null in a rehearsal, which reads no file of
 * Oracle's. Throws SettingError.
 */
export function readEndpoints(get: Get, home: string | null): EndpointSettings {
  const templates = services.flatMap((service) => {
    const template = readTemplate(`${service.toUpperCase()}_ENDPOINT`, get);
    return template === null ? [] : [[service, template] as const];
  });
  const isRealmSpecific = get("OCI_REALM_SPECIFIC_SERVICE_ENDPOINT_TEMPLATE_ENABLED");
  return {
    templates: Object.fromEntries(templates),
    // Of two for one region the later counts: the file's, as with Oracle's clients.
    extraRegions: [...readRegionMetadata(get), ...(home === null ? [] : readRegionsFile(home))],
    defaultDomain: readDefaultRealm(get),
    isObjectStorageRealmSpecific: isRealmSpecific?.toLowerCase() === "true",
  };
}

function readTemplate(name: string, get: Get): string | null {
  const text = get(name);
  if (text === null) return null;
  const url = URL.parse(text.replaceAll("{region}", "region"));
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== "" ||
    url.search !== "" ||
    url.hash !== "" ||
    url.pathname !== "/"
  ) {
    throw new SettingError(
      name,
      "is not a service address.",
      "Write scheme, host and port only; {region} stands for the region, e.g. https://kms.{region}.oraclecloud.com",
    );
  }
  if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) {
    throw new SettingError(
      name,
      `is http:// on another machine (${url.hostname}): signed requests leave this machine encrypted only.`,
      "Use its https:// address.",
    );
  }
  return text.replace(/\/$/, "");
}

function readDefaultRealm(get: Get): string | undefined {
  const domain = get("OCI_DEFAULT_REALM")?.toLowerCase();
  if (domain === undefined || isDomain(domain)) return domain;
  throw new SettingError(
    "OCI_DEFAULT_REALM",
    `is "${domain}", which is not a domain.`,
    "Write the realm's second-level domain, e.g. oraclecloud.com.",
  );
}

const metadataHint =
  "Write JSON with realmKey, realmDomainComponent, regionKey and regionIdentifier, as Oracle gives it for a new region.";

function readRegionMetadata(get: Get): Region[] {
  const text = get("OCI_REGION_METADATA");
  if (text === null) return [];
  try {
    return [parseRegionMetadata(JSON.parse(text))];
  } catch (error) {
    throw new SettingError("OCI_REGION_METADATA", `cannot be used: ${wordsOf(error)}.`, metadataHint);
  }
}

/** A list of regions, each as the variable has one. */
function readRegionsFile(home: string): Region[] {
  const path = join(home, ".oci", "regions-config.json");
  if (!existsSync(path)) return [];
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as unknown[]).map(parseRegionMetadata);
  } catch (error) {
    throw new SettingError(
      path,
      `cannot be used: ${wordsOf(error)}.`,
      `${metadataHint} The file holds a list of them.`,
    );
  }
}

const wordsOf = (error: unknown) => (error instanceof SyntaxError ? "it is not JSON" : (error as Error).message);
