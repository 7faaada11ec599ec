/** Starts the emulator: a world, a port for each region, a control port, an OCI config file. */
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CallLog } from "./calls.ts";
import { makeControlServer } from "./control.ts";
import { type Endpoints, regionAddress } from "./endpoints.ts";
import { Faults } from "./faults.ts";
import { makeRegionServer } from "./http-server.ts";
import { writeOciConfig } from "./oci-config.ts";
import { servedRegions } from "./regions.ts";
import { adoptTenancies, listProfiles, type SeedName, seedWorld } from "./seeds/seed.ts";
import { openDirectoryStore, openMemoryStore } from "./store.ts";
import { sweep } from "./sweep.ts";
import type { TenanciesFile } from "./tenancies-file.ts";
import { World } from "./world.ts";

export interface StartOptions {
  /** Port of the first region, the others and the control port follow; free ports when absent. */
  readonly port?: number;
  /** Where the world is kept; it ends with the process when absent. */
  readonly directory?: string;
  readonly seed: SeedName;
  readonly tenancies?: TenanciesFile;
  readonly settleMs: number;
  readonly isThrottled: boolean;
}

/** The one line of JSON a started emulator prints. */
export interface Announcement {
  readonly regions: Readonly<
    Record<
      string,
      { readonly kms: string; readonly identity: string; readonly objectstorage: string; readonly limits: string }
    >
  >;
  readonly control: string;
  /** Path of the OCI config file. */
  readonly config: string;
  readonly tenancies: readonly { readonly tenancy: string; readonly compartments: readonly string[] }[];
}

export interface RunningEmulator {
  readonly announcement: Announcement;
  readonly world: World;
  /** Cuts connections, closes ports and store. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 only. Rejects with the system's error when a port is taken or the directory cannot be used. */
export async function startEmulator(options: StartOptions): Promise<RunningEmulator> {
  const store = options.directory === undefined ? openMemoryStore() : openDirectoryStore(options.directory);
  const world = new World({ settleMs: options.settleMs, isThrottled: options.isThrottled }, store);
  const scratch = options.directory === undefined ? mkdtempSync(join(tmpdir(), "vault-emulator-")) : undefined;
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(closeServer));
    world.close();
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  };
  try {
    if (world.isEmpty) seedWorld(world, options.seed, Date.now());
    sweep(world, world.now(Date.now()), Date.now());
    if (options.tenancies !== undefined) adoptTenancies(world, options.tenancies, world.now(Date.now()));
    const config = writeOciConfig(options.directory ?? scratch ?? tmpdir(), listProfiles(world));
    for (const key of config.keys) world.put("signingKey", key);
    world.commit();
    return { announcement: await listenAll(world, options.port, config.path, servers), world, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listenAll(
  world: World,
  firstPort: number | undefined,
  config: string,
  servers: Server[],
): Promise<Announcement> {
  const ports = new Map<string, number>();
  const endpoints: Endpoints = { portOf: (region) => ports.get(region) };
  const faults = new Faults();
  const calls = new CallLog();
  for (const [index, region] of servedRegions.entries()) {
    const server = makeRegionServer({ world, region, endpoints, faults, calls });
    ports.set(region, await listen(server, firstPort === undefined ? 0 : firstPort + index));
    servers.push(server);
  }
  const controlServer = makeControlServer({ world, faults, calls });
  const controlPort = await listen(controlServer, firstPort === undefined ? 0 : firstPort + servedRegions.length);
  servers.push(controlServer);
  const addresses = servedRegions.map((region) => {
    const address = regionAddress(endpoints, region);
    return [region, { kms: address, identity: address, objectstorage: address, limits: address }] as const;
  });
  return {
    regions: Object.fromEntries(addresses),
    control: `http://127.0.0.1:${controlPort}`,
    config,
    tenancies: [...world.all("tenancy")].map(({ id }) => ({ tenancy: id, compartments: compartmentsOf(world, id) })),
  };
}

function compartmentsOf(world: World, tenancyId: string): string[] {
  const below = [...world.group("compartment", `tree:${tenancyId}`)].filter(({ parentId }) => parentId !== null);
  return below.map(({ id }) => id);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
