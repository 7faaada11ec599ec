/** The tenancies this console speaks for: one per profile of the configuration, each with its own signing, pacing and cache. */
import type { Logger } from "pino";
import { type OperationName, operationRow } from "#lib/contract/operations.ts";
import type { DecodedRequest, OperationRequest } from "#lib/contract/request.ts";
import { type CachedAnswer, createCallCache } from "#lib/oci/cache.ts";
import type { OciEvent } from "#lib/oci/call.ts";
import { createContacts, createOciClient, type OciClient } from "#lib/oci/client.ts";
import { readOciConfig } from "#lib/oci/config-file.ts";
import type { Credential } from "#lib/oci/credentials.ts";
import { createEndpoints, type Endpoints } from "#lib/oci/endpoints.ts";
import { instancePrincipalCredential, okeWorkloadIdentityCredential } from "#lib/oci/federated.ts";
import { createPace } from "#lib/oci/pace.ts";
import { resourcePrincipalCredential } from "#lib/oci/resource-principal.ts";
import type { Config, LiveSettings } from "./config.ts";
import type { EmulatorLine } from "./rehearsal.ts";
import { SettingError } from "./setting-error.ts";

export interface ReadOptions {
  /** Ask the service now: a read-back after a change, or a decision that must not stand on what was. */
  readonly isFresh?: boolean;
  readonly managementEndpoint?: string | undefined;
  readonly signal?: AbortSignal;
  /** The session it is for: sessions take turns at the service. */
  readonly whose?: string;
}

export interface WriteOptions {
  readonly signal?: AbortSignal;
  /** Instead of the usual deadline, milliseconds. */
  readonly timeoutMs?: number;
  /** As with reads. */
  readonly whose?: string;
}

export interface Tenancy {
  /** OCID. */
  readonly id: string;
  readonly profile: string;
  /** Region identifier where Identity is asked. */
  readonly homeRegion: string;
  readonly client: OciClient;
  /** A read for a person: interactive, single flight, briefly remembered. */
  read(request: OperationRequest | DecodedRequest, region: string, options?: ReadOptions): Promise<CachedAnswer>;
  /** A write for a person; forgets what was remembered of what it touches. */
  write(request: OperationRequest | DecodedRequest, region: string, options?: WriteOptions): Promise<CachedAnswer>;
}

export interface Tenancies {
  readonly all: readonly Tenancy[];
  find(id: string): Tenancy | undefined;
  /** How far the service's clock is ahead of ours, ms; 0 while they agree within two seconds. */
  clockOffsetMs(): number;
  /** How many of the service's calls a second are this instance's, from now on. */
  shareCalls(share: (limit: number) => number): void;
  close(): Promise<void>;
}

interface Opened {
  readonly profile: string;
  readonly tenancy: string;
  readonly region: string;
  readonly credential: Credential;
  /** Signs reads, where a profile of its own is there for them. */
  readonly reader: Credential | null;
}

/**
 * Opens every configured tenancy, or those of the emulator. Keys are read and checked here; nothing is sent. Throws
 * SettingError, or the ConfigError or CredentialError that says what is wrong with a file.
 */
export async function openTenancies(config: Config, emulator: EmulatorLine | null, log: Logger): Promise<Tenancies> {
  const opened = await openCredentials(config.live, emulator);
  const serviceClock = { offsetMs: 0 };
  // Consoles that share a store wait until they know how many they are.
  let shareOf = config.databaseUrl === null ? (limit: number) => limit : () => 0;
  const share = (limit: number) => shareOf(limit);
  const all = opened.map((each) => openTenancy(config, emulator, each, log, serviceClock, share));
  const byId = new Map(all.map((tenancy) => [tenancy.id, tenancy]));
  if (byId.size < all.length) {
    throw new SettingError(
      "OCI_PROFILES",
      "names two profiles of the same tenancy.",
      "Keep one profile for each tenancy: two would spend its calls twice.",
    );
  }
  return {
    all,
    find: (id) => byId.get(id),
    clockOffsetMs: () => serviceClock.offsetMs,
    shareCalls(next) {
      shareOf = next;
    },
    async close() {
      await Promise.all(all.map((tenancy) => tenancy.client.close()));
    },
  };
}

async function openCredentials(live: LiveSettings | null, emulator: EmulatorLine | null): Promise<Opened[]> {
  if (emulator !== null) {
    const all = await openProfiles(emulator.config, [], null);
    const isReader = ({ profile }: Opened) => profile.endsWith("_READER");
    return withReaders(
      all.filter((each) => !isReader(each)),
      all.filter(isReader),
    );
  }
  if (live === null) throw new Error("neither a tenancy nor the emulator is there to talk to");
  if (live.configFile !== null) {
    const profiles = live.profiles.length === 0 ? ["DEFAULT"] : live.profiles;
    const opened = await openProfiles(live.configFile, profiles, live.region);
    if (live.readProfiles.length === 0) return opened;
    return withReaders(opened, await openProfiles(live.configFile, live.readProfiles, live.region));
  }
  const credential = await openPrincipal(live);
  const region = live.region ?? credential.describe.region;
  if (region === undefined) {
    throw new SettingError(
      "OCI_REGION",
      "is not set, and the credential names no region.",
      "Set it, e.g. to us-ashburn-1.",
    );
  }
  return [{ profile: live.auth, tenancy: credential.describe.tenancy, region, credential, reader: null }];
}

/** Gives each reader to its tenancy. Throws SettingError for one of no tenancy here, and for one that signs with the same key. */
function withReaders(opened: readonly Opened[], readers: readonly Opened[]): Opened[] {
  for (const { profile, tenancy, credential } of readers) {
    const own = opened.find((each) => each.tenancy === tenancy);
    if (own === undefined)
      throw new SettingError(
        "OCI_READ_PROFILES",
        `has ${profile}, whose tenancy no profile of OCI_PROFILES has.`,
        "Name one profile for reading for each tenancy, or leave the setting out.",
      );
    if (own.credential.describe.user === credential.describe.user)
      throw new SettingError(
        "OCI_READ_PROFILES",
        `has ${profile}, which is the same user as ${own.profile}.`,
        "Make a user of its own whose policies only let it inspect and read.",
      );
  }
  return opened.map((each) => ({
    ...each,
    reader: readers.find(({ tenancy }) => tenancy === each.tenancy)?.credential ?? null,
  }));
}

async function openProfiles(file: string, names: readonly string[], region: string | null): Promise<Opened[]> {
  const profiles = await readOciConfig(file, {
    profiles: names.length === 0 ? undefined : names,
    defaultRegion: region ?? undefined,
  });
  return profiles.map((each) => ({
    profile: each.name,
    tenancy: each.tenancy,
    region: each.region,
    credential: each.credential,
    reader: null,
  }));
}

function openPrincipal(live: LiveSettings): Promise<Credential> {
  switch (live.auth) {
    case "resource_principal":
      return resourcePrincipalCredential(live.environment);
    case "instance_principal":
      return instancePrincipalCredential();
    case "oke_workload_identity":
      return okeWorkloadIdentityCredential();
    case "config_file":
      throw new Error("a configuration file is opened by its profiles");
  }
}

/** Deletion dates count by the service's clock: the rehearsal's can be turned, and ours may be wrong. */
function watchClock(client: OciClient, serviceClock: { offsetMs: number }): OciClient {
  return {
    ...client,
    async call(request, options) {
      const answer = await client.call(request, options);
      const offsetMs = Date.parse(answer.headers.date ?? "") + 500 - Date.now();
      if (!Number.isNaN(offsetMs)) serviceClock.offsetMs = Math.abs(offsetMs) < 2_000 ? 0 : offsetMs;
      return answer;
    },
  };
}

/** Reads with one principal, changes with another, over one budget: what only reads cannot change anything, whatever we get wrong. */
function splitByKind(writer: OciClient, reader: OciClient): OciClient {
  return {
    credential: writer.credential,
    call: (request, options) => (operationRow(request.operation).writes ? writer : reader).call(request, options),
    // Budget and contacts are shared.
    state: writer.state,
    close: async () => {
      await Promise.all([reader.close(), writer.close()]);
    },
  };
}

function openTenancy(
  config: Config,
  emulator: EmulatorLine | null,
  opened: Opened,
  log: Logger,
  serviceClock: { offsetMs: number },
  share: (limit: number) => number,
): Tenancy {
  const endpoints = openEndpoints(config, emulator, opened.tenancy);
  const pace = createPace({ limit: config.callsPerSecond, share });
  const note = (event: OciEvent) => log.debug(event, event.event);
  const contacts = createContacts({ tenancy: opened.tenancy, log: note });
  const open = (credential: Credential) => createOciClient({ credential, endpoints, pace, contacts, log: note });
  const writer = open(opened.credential);
  const bare = opened.reader === null ? writer : splitByKind(writer, open(opened.reader));
  const client = watchClock(bare, serviceClock);
  const cache = createCallCache(client);
  const call = (request: OperationRequest | DecodedRequest, region: string, options: ReadOptions & WriteOptions = {}) =>
    cache.call(request as unknown as OperationRequest<OperationName>, {
      region,
      priority: "interactive",
      managementEndpoint: options.managementEndpoint,
      signal: options.signal,
      timeoutMs: options.timeoutMs,
      isFresh: options.isFresh,
      whose: options.whose === undefined ? undefined : new Set([options.whose]),
    });
  return {
    id: opened.tenancy,
    profile: opened.profile,
    homeRegion: endpoints.region(opened.region).id,
    client,
    read: call,
    write: call,
  };
}

function openEndpoints(config: Config, emulator: EmulatorLine | null, tenancy: string): Endpoints {
  if (emulator !== null) return createEndpoints({ overrides: emulator.regions, isOverridesOnly: true });
  const realm = tenancy.split(".")[2];
  return createEndpoints({ ...config.endpoints, realm });
}
