/**
 * Every vault of every tenancy, kept here so that any number of viewers costs the service the same. A scanner reads one
 * part (a compartment in a region) after the other through the paced client, in the background, as long as somebody looks;
 * what was read is shown at once, what could not be read is said.
 */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Logger } from "pino";
import type {
  Inventory,
  InventoryCompartment,
  InventoryFailure,
  InventoryRegion,
  InventoryTenancy,
  VaultDetails,
  VaultRow,
} from "#lib/contract/api.ts";
import type { Vault, VaultSummary } from "#lib/contract/models.ts";
import { request } from "#lib/contract/request.ts";
import { lineageIn } from "#lib/vault/compartments.ts";
import { hasDeletionDate, stateFacts } from "#lib/vault/lifecycle.ts";
import { explain } from "./refusal.ts";
import { type Sight, viewOf } from "./sight.ts";
import type { Tenancy } from "./tenancies.ts";

const gzipAsync = promisify(gzip);

const topologyLifeMs = 10 * 60_000;
/** A part is read again after this long, sooner than that only for vaults that are settling. */
const partLifeMs = 30_000;
const transientEveryMs = 2_000;
/** A part that failed waits this long. */
const failurePauseMs = 15_000;
/** Scanning goes on this long after the last viewer asked. */
const interestMs = 60_000;
/** Up to so many vaults a tenancy, the fields only GetVault has are read for all; beyond, for those that need them. */
const detailsForAllMax = 500;
const serialiseEveryMs = 250;
const concurrentJobs = 6;
/** Modest pages: no public source gives Key Management's maximum (E2). */
const pageSize = 100;

interface Part {
  readonly region: string;
  readonly compartmentId: string;
  rows: Map<string, VaultRow>;
  readAt: number | null;
  nextAt: number;
  failure: InventoryFailure | null;
  isBusy: boolean;
}

/** What is known of one vault beyond its list row. */
interface Known {
  details: VaultDetails | null;
  /** State the details were read in; another state makes them old. */
  detailsState: string;
  /** When a read of this one vault started, epoch ms: list answers asked for earlier do not overwrite it. */
  notedAt: number;
  nextAt: number;
  isBusy: boolean;
}

interface Scan {
  readonly tenancy: Tenancy;
  name: string;
  regions: InventoryRegion[];
  compartments: InventoryCompartment[];
  topologyReadAt: number | null;
  topologyNextAt: number;
  topologyFailure: InventoryFailure | null;
  isTopologyBusy: boolean;
  readonly parts: Map<string, Part>;
  readonly known: Map<string, Known>;
  jobs: number;
}

/** One version of the inventory as it is sent. */
export interface Snapshot {
  readonly etag: string;
  readonly json: Buffer;
  /** What `json` says. */
  readonly inventory: Inventory;
  /** Compressed once, on first demand. */
  gzip(): Promise<Buffer>;
  /** `tenancy=epochMs` pairs: the age changes without the rows changing, so it travels as a header. */
  readonly ages: string;
}

export interface InventoryKeeper {
  /** The current version as a person sees it; notes that somebody is looking. People with the same sight share one snapshot. */
  read(sight: Sight): Snapshot;
  /** Takes over what a GetVault or the answer of a write said. `startedAt` is when that call began. */
  noteVault(tenancy: string, region: string, vault: Vault, startedAt: number): void;
  /** Asks for a vault to be read again now, after a change whose answer has no body. */
  noteChanged(tenancy: string, region: string, vaultId: string): void;
  /** The row, when the vault is known. */
  find(tenancy: string, region: string, vaultId: string): VaultRow | undefined;
  /** Whether the tenancy is subscribed to a region; before its regions are known, its home region counts. */
  hasRegion(tenancy: string, region: string): boolean;
  /** OCIDs of a compartment and everything above it; null when it is not in the tree that was read. */
  compartmentPath(tenancy: string, compartmentId: string): readonly string[] | null;
  /** What is known of each tenancy's parts, without anybody looking. */
  tenancies(): readonly InventoryTenancy[];
  stop(): void;
}

type Job = () => Promise<void>;

/**
 * Starts keeping the inventory of some tenancies. `clock` in epoch milliseconds; `offsetMs` is how far the service's
 * clock is ahead, and every time that is sent is by the service's. What fails in the console itself is logged.
 */
export function createInventory(
  tenancies: readonly Tenancy[],
  clock: () => number,
  offsetMs: () => number = () => 0,
  log?: Logger,
): InventoryKeeper {
  const scans = new Map<string, Scan>(tenancies.map((tenancy) => [tenancy.id, newScan(tenancy)]));
  const instance = createHash("sha256").update(`${process.pid}-${clock()}-${Math.random()}`).digest("hex").slice(0, 8);
  let isStopped = false;
  let lastLookAt = clock();
  let version = 0;
  let isDirty = true;
  let current: { readonly whole: Inventory; readonly views: Map<string, Omit<Snapshot, "ages">> } | null = null;
  let serialisedAt = 0;
  let wake = (): void => undefined;

  const sent = (at: number | null): number | null => (at === null ? null : at + offsetMs());

  function changed(): void {
    isDirty = true;
  }

  function note(error: unknown, region: string, compartmentId: string | null): InventoryFailure {
    const failure = failureOf(error, region, compartmentId, clock());
    if (failure.code === "InternalError")
      log?.error({ err: error, region, compartmentId }, "the inventory could not be read");
    return failure;
  }

  /* The scanner: one loop hands out the most urgent work; the paced client decides how fast it goes. */

  async function loop(): Promise<void> {
    while (!isStopped) {
      const now = clock();
      let nextAt = now + 1_000;
      if (now - lastLookAt < interestMs) {
        for (const scan of scans.values()) nextAt = Math.min(nextAt, handOut(scan, now));
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(20, nextAt - clock()));
        timer.unref();
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Starts as many jobs as there is room for; answers when it is worth looking again (epoch ms). */
  function handOut(scan: Scan, now: number): number {
    while (scan.jobs < concurrentJobs) {
      const job = nextJob(scan, now);
      if (job === null) return now + 250;
      scan.jobs += 1;
      void job().finally(() => {
        scan.jobs -= 1;
        wake();
      });
    }
    return now + 1_000;
  }

  function nextJob(scan: Scan, now: number): Job | null {
    if (scan.topologyNextAt <= now && !scan.isTopologyBusy) return () => readTopology(scan);
    return settlingJob(scan, now) ?? partJob(scan, now, true) ?? detailsJob(scan, now) ?? partJob(scan, now, false);
  }

  function settlingJob(scan: Scan, now: number): Job | null {
    for (const [id, known] of scan.known) {
      if (known.isBusy || known.nextAt > now) continue;
      const row = rowOf(scan, id);
      if (row === undefined && known.nextAt !== 0) continue;
      if (row !== undefined && known.nextAt !== 0 && !stateFacts(row.lifecycleState).isTransient) continue;
      const [region = "", vaultId = ""] = id.split("|");
      return () => readVault(scan, region, vaultId);
    }
    return null;
  }

  function partJob(scan: Scan, now: number, isUnread: boolean): Job | null {
    let best: Part | null = null;
    for (const part of scan.parts.values()) {
      if (part.isBusy || part.nextAt > now || (part.readAt === null) !== isUnread) continue;
      if (isUnread) return () => readPart(scan, part);
      if (best === null || (part.readAt ?? 0) < (best.readAt ?? 0)) best = part;
    }
    const found = best;
    return found === null ? null : () => readPart(scan, found);
  }

  function detailsJob(scan: Scan, now: number): Job | null {
    let count = 0;
    for (const part of scan.parts.values()) count += part.rows.size;
    const isForAll = count <= detailsForAllMax;
    for (const isUrgent of isForAll ? [true, false] : [true]) {
      for (const part of scan.parts.values()) {
        for (const row of part.rows.values()) {
          if (
            hasDeletionDate(row.lifecycleState) !== isUrgent ||
            row.lifecycleState === "DELETED" ||
            row.details !== undefined
          )
            continue;
          const known = knownOf(scan, row.region, row.id);
          if (known.isBusy || known.notedAt > now - failurePauseMs) continue;
          return () => readVault(scan, row.region, row.id);
        }
      }
    }
    return null;
  }

  async function readTopology(scan: Scan): Promise<void> {
    scan.isTopologyBusy = true;
    const { tenancy } = scan;
    const where = { region: tenancy.homeRegion, priority: "background" } as const;
    try {
      const [facts, subscriptions, compartments] = await Promise.all([
        tenancy.client.call(request("getTenancy", { tenancyId: tenancy.id }), where),
        tenancy.client.call(request("listRegionSubscriptions", { tenancyId: tenancy.id }), where),
        readCompartments(tenancy),
      ]);
      scan.name = facts.data.name ?? tenancy.profile;
      scan.regions = subscriptions.data
        .filter((region) => region.status === "READY")
        .map((region) => ({ name: region.regionName, key: region.regionKey, isHome: region.isHomeRegion }));
      scan.compartments = [{ id: tenancy.id, name: `${scan.name} (root)`, parentId: null }, ...compartments];
      scan.topologyReadAt = clock();
      scan.topologyNextAt = clock() + topologyLifeMs;
      scan.topologyFailure = null;
      layOutParts(scan);
    } catch (error) {
      scan.topologyFailure = note(error, tenancy.homeRegion, null);
      scan.topologyNextAt = clock() + failurePauseMs;
    } finally {
      scan.isTopologyBusy = false;
      changed();
    }
  }

  function layOutParts(scan: Scan): void {
    const wanted = new Set<string>();
    for (const compartment of scan.compartments) {
      for (const region of scan.regions) {
        const key = `${region.name}|${compartment.id}`;
        wanted.add(key);
        if (scan.parts.has(key)) continue;
        scan.parts.set(key, {
          region: region.name,
          compartmentId: compartment.id,
          rows: new Map(),
          readAt: null,
          nextAt: 0,
          failure: null,
          isBusy: false,
        });
      }
    }
    for (const key of scan.parts.keys()) if (!wanted.has(key)) scan.parts.delete(key);
  }

  async function readPart(scan: Scan, part: Part): Promise<void> {
    part.isBusy = true;
    const startedAt = clock();
    try {
      const rows = new Map<string, VaultRow>();
      let page: string | undefined;
      do {
        const answer = await scan.tenancy.client.call(
          request("listVaults", { compartmentId: part.compartmentId, limit: pageSize, page }),
          { region: part.region, priority: "background" },
        );
        for (const summary of answer.data) rows.set(summary.id, mergeRow(scan, part, summary, startedAt));
        page = answer.opcNextPage ?? undefined;
      } while (page !== undefined);
      for (const [id, row] of part.rows) {
        if (!rows.has(id) && (scan.known.get(`${part.region}|${id}`)?.notedAt ?? 0) > startedAt) rows.set(id, row);
      }
      const isSame = part.readAt !== null && part.failure === null && sameRows(part.rows, rows);
      part.rows = isSame ? part.rows : rows;
      part.readAt = clock();
      part.failure = null;
      part.nextAt = clock() + partLifeMs;
      if (!isSame) changed();
    } catch (error) {
      part.failure = note(error, part.region, part.compartmentId);
      part.nextAt = clock() + failurePauseMs;
      changed();
    } finally {
      part.isBusy = false;
    }
  }

  function mergeRow(scan: Scan, part: Part, summary: VaultSummary, startedAt: number): VaultRow {
    const known = scan.known.get(`${part.region}|${summary.id}`);
    const old = part.rows.get(summary.id);
    if (known !== undefined && old !== undefined && known.notedAt > startedAt) return old;
    const isCurrent = known?.details != null && known.detailsState === summary.lifecycleState;
    return rowFrom(scan.tenancy.id, part.region, summary, isCurrent ? known.details : null);
  }

  async function readVault(scan: Scan, region: string, vaultId: string): Promise<void> {
    const known = knownOf(scan, region, vaultId);
    known.isBusy = true;
    const startedAt = clock();
    try {
      const answer = await scan.tenancy.client.call(request("getVault", { vaultId }), {
        region,
        priority: "background",
      });
      takeVault(scan, region, answer.data, startedAt);
    } catch (error) {
      // The part's own reading reports what is wrong with a region; here it only waits.
      note(error, region, null);
      known.notedAt = startedAt;
      known.nextAt = clock() + failurePauseMs;
    } finally {
      known.isBusy = false;
    }
  }

  function takeVault(scan: Scan, region: string, vault: Vault, startedAt: number): void {
    const known = knownOf(scan, region, vault.id);
    if (known.notedAt > startedAt) return;
    known.notedAt = startedAt;
    known.details = detailsFrom(vault);
    known.detailsState = vault.lifecycleState;
    known.nextAt =
      clock() + (stateFacts(vault.lifecycleState).isTransient ? transientEveryMs : Number.MAX_SAFE_INTEGER / 2);
    const part = scan.parts.get(`${region}|${vault.compartmentId}`);
    for (const other of scan.parts.values()) {
      if (other !== part && other.region === region && other.rows.delete(vault.id)) changed();
    }
    if (part === undefined) return;
    const row = rowFrom(scan.tenancy.id, region, vault, known.details);
    if (sameRow(part.rows.get(vault.id), row)) return;
    part.rows.set(vault.id, row);
    changed();
  }

  /* What is sent. */

  function read(sight: Sight): Snapshot {
    const now = clock();
    const wasIdle = now - lastLookAt >= interestMs;
    lastLookAt = now;
    if (wasIdle) wake();
    if (current === null || (isDirty && now - serialisedAt >= serialiseEveryMs))
      current = { whole: putTogether(now), views: new Map() };
    let view = current.views.get(sight.key);
    if (view === undefined) {
      view = serialise(viewOf(current.whole, sight), sight.key);
      current.views.set(sight.key, view);
    }
    const seen = new Set(view.inventory.tenancies.map(({ id }) => id));
    return {
      ...view,
      ages: [...scans.values()]
        .filter((scan) => seen.has(scan.tenancy.id))
        .map((scan) => `${scan.tenancy.id}=${sent(oldestReadAt(scan)) ?? ""}`)
        .join(","),
    };
  }

  function putTogether(now: number): Inventory {
    version += 1;
    isDirty = false;
    serialisedAt = now;
    const vaults: VaultRow[] = [];
    for (const scan of scans.values())
      for (const part of scan.parts.values()) for (const row of part.rows.values()) vaults.push(row);
    return {
      version: `${instance}-${version}`,
      madeAt: now + offsetMs(),
      tenancies: [...scans.values()].map((scan) => tenancyFacts(scan, sent)),
      vaults,
    };
  }

  function serialise(inventory: Inventory, key: string): Omit<Snapshot, "ages"> {
    const suffix = createHash("sha256").update(key).digest("hex").slice(0, 8);
    const etag = `"${inventory.version}-${suffix}"`;
    const versioned = { ...inventory, version: etag };
    const json = Buffer.from(JSON.stringify(versioned));
    let compressed: Promise<Buffer> | null = null;
    return {
      etag,
      json,
      inventory: versioned,
      gzip() {
        compressed ??= gzipAsync(json, { level: 4 });
        return compressed;
      },
    };
  }

  void loop();
  return {
    read,
    noteVault(tenancy, region, vault, startedAt) {
      const scan = scans.get(tenancy);
      if (scan !== undefined) takeVault(scan, region, vault, startedAt);
      // Whoever reads after this call must find what it said: our own changes never wait for the next version's turn.
      if (isDirty) serialisedAt = 0;
      wake();
    },
    noteChanged(tenancy, region, vaultId) {
      const scan = scans.get(tenancy);
      if (scan !== undefined) knownOf(scan, region, vaultId).nextAt = 0;
      wake();
    },
    find(tenancy, region, vaultId) {
      const scan = scans.get(tenancy);
      return scan === undefined ? undefined : rowOf(scan, `${region}|${vaultId}`);
    },
    hasRegion(tenancy, region) {
      const scan = scans.get(tenancy);
      if (scan === undefined) return false;
      return scan.regions.length === 0
        ? region === scan.tenancy.homeRegion
        : scan.regions.some((each) => each.name === region);
    },
    compartmentPath: (tenancy, compartmentId) => lineageIn(scans.get(tenancy)?.compartments ?? [])(compartmentId),
    tenancies: () => [...scans.values()].map((scan) => tenancyFacts(scan, sent)),
    stop() {
      isStopped = true;
      wake();
    },
  };
}

function newScan(tenancy: Tenancy): Scan {
  return {
    tenancy,
    name: tenancy.profile,
    regions: [],
    compartments: [],
    topologyReadAt: null,
    topologyNextAt: 0,
    topologyFailure: null,
    isTopologyBusy: false,
    parts: new Map(),
    known: new Map(),
    jobs: 0,
  };
}

/** The whole tree under the root, paged to the end, only what is active. */
async function readCompartments(tenancy: Tenancy): Promise<InventoryCompartment[]> {
  const found: InventoryCompartment[] = [];
  let page: string | undefined;
  do {
    const answer = await tenancy.client.call(
      request("listCompartments", {
        compartmentId: tenancy.id,
        compartmentIdInSubtree: true,
        accessLevel: "ANY",
        limit: pageSize,
        page,
      }),
      { region: tenancy.homeRegion, priority: "background" },
    );
    for (const compartment of answer.data) {
      if (compartment.lifecycleState === "DELETED") continue;
      found.push({ id: compartment.id, name: compartment.name, parentId: compartment.compartmentId ?? tenancy.id });
    }
    page = answer.opcNextPage ?? undefined;
  } while (page !== undefined);
  return found;
}

function knownOf(scan: Scan, region: string, vaultId: string): Known {
  const key = `${region}|${vaultId}`;
  const existing = scan.known.get(key);
  if (existing !== undefined) return existing;
  const fresh: Known = {
    details: null,
    detailsState: "",
    notedAt: 0,
    nextAt: Number.MAX_SAFE_INTEGER / 2,
    isBusy: false,
  };
  scan.known.set(key, fresh);
  return fresh;
}

function rowOf(scan: Scan, key: string): VaultRow | undefined {
  const [region = "", vaultId = ""] = key.split("|");
  for (const part of scan.parts.values()) {
    if (part.region !== region) continue;
    const row = part.rows.get(vaultId);
    if (row !== undefined) return row;
  }
  return undefined;
}

function rowFrom(tenancy: string, region: string, vault: VaultSummary, details: VaultDetails | null): VaultRow {
  const row: VaultRow = {
    tenancy,
    region,
    id: vault.id,
    compartmentId: vault.compartmentId,
    displayName: vault.displayName,
    vaultType: vault.vaultType,
    lifecycleState: vault.lifecycleState,
    timeCreated: vault.timeCreated,
    cryptoEndpoint: vault.cryptoEndpoint,
    managementEndpoint: vault.managementEndpoint,
    freeformTags: vault.freeformTags ?? {},
    definedTags: vault.definedTags ?? {},
  };
  return details === null ? row : { ...row, details };
}

function detailsFrom(vault: Vault): VaultDetails {
  return {
    timeOfDeletion: vault.timeOfDeletion ?? null,
    isPrimary: vault.isPrimary ?? null,
    isVaultReplicable: vault.isVaultReplicable ?? null,
    replicationId: vault.replicaDetails?.replicationId ?? null,
    restoredFromVaultId: vault.restoredFromVaultId ?? null,
  };
}

function sameRow(one: VaultRow | undefined, other: VaultRow): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

function sameRows(one: Map<string, VaultRow>, other: Map<string, VaultRow>): boolean {
  if (one.size !== other.size) return false;
  for (const [id, row] of other) if (!sameRow(one.get(id), row)) return false;
  return true;
}

function failureOf(error: unknown, region: string, compartmentId: string | null, at: number): InventoryFailure {
  const refusal = explain(error);
  const requestId = (error as { requestId?: unknown }).requestId;
  return {
    region,
    compartmentId,
    code: refusal.code,
    message: refusal.message,
    why: refusal.why ?? null,
    requestId: typeof requestId === "string" ? requestId : null,
    at,
  };
}

function oldestReadAt(scan: Scan): number | null {
  let oldest: number | null = null;
  for (const part of scan.parts.values())
    if (part.readAt !== null) oldest = Math.min(oldest ?? part.readAt, part.readAt);
  return oldest;
}

function tenancyFacts(scan: Scan, sent: (at: number | null) => number | null): InventoryTenancy {
  const parts = [...scan.parts.values()];
  const partsRead = parts.filter((part) => part.readAt !== null).length;
  const failures = parts.flatMap((part) => (part.failure === null ? [] : [part.failure]));
  if (scan.topologyFailure !== null) failures.unshift(scan.topologyFailure);
  return {
    id: scan.tenancy.id,
    name: scan.name,
    profile: scan.tenancy.profile,
    homeRegion: scan.tenancy.homeRegion,
    regions: scan.regions,
    compartments: scan.compartments,
    partsTotal: parts.length,
    partsRead,
    oldestReadAt: sent(oldestReadAt(scan)),
    isScanning:
      scan.topologyFailure === null &&
      (scan.topologyReadAt === null || parts.some((part) => part.readAt === null && part.failure === null)),
    failures: failures.slice(0, 200).map((failure) => ({ ...failure, at: sent(failure.at) ?? failure.at })),
  };
}
