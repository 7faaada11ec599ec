/** The emulator in process: requests encoded by the contract, signed for real, answered by `respond`, judged by the description. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { seededChance } from "#emulator/ocids.ts";
import type { KeyRecord, VaultRecord } from "#emulator/records.ts";
import { servedRegions } from "#emulator/regions.ts";
import { respond } from "#emulator/respond.ts";
import {
  addBucket,
  addCompartment,
  addKey,
  addStaffedTenancy,
  addVault,
  type Builder,
  type VaultFacts,
} from "#emulator/seeds/builder.ts";
import { fingerprintOf, trustedKey } from "#emulator/signing-keys.ts";
import { World, type WorldSettings } from "#emulator/world.ts";
import { type OperationName, operationRow } from "#lib/contract/operations.ts";
import { encode, type OperationRequest, type Params, request } from "#lib/contract/request.ts";
import { judge } from "./judge.ts";
import { signHeaders, type TestProfile } from "./signed-client.ts";

export const home = "us-ashburn-1";
export const abroad = "eu-frankfurt-1";
export const third = "uk-london-1";
export const dayMs = 86_400_000;
export const settleMs = 1500;
const startedAt = Date.parse("2026-03-02T09:00:00.000Z");

export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  readonly json: any;
}

export interface AskOptions {
  readonly region?: string;
  readonly profile?: TestProfile;
  readonly host?: string;
  /** Headers over those `encode` gives. */
  readonly headers?: Record<string, string>;
  /** Sent instead of what `encode` gives. */
  readonly rawBody?: string | Uint8Array;
  /** Put behind the target `encode` gives. */
  readonly extraQuery?: string;
}

const keys = new Map<string, KeyObject>();

/** One short key a name in each test file: making them costs more than the tests. */
function keyOf(name: string): KeyObject {
  const key = keys.get(name) ?? generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  keys.set(name, key);
  return key;
}

function makeProfile(builder: Builder, name: string): TestProfile {
  const { id, userId } = addStaffedTenancy(builder, { name, description: name, namespace: `ns${name}`, profile: name });
  const privateKey = keyOf(name);
  const publicKey = createPublicKey(privateKey);
  const fingerprint = fingerprintOf(publicKey);
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  builder.world.put("signingKey", trustedKey(`${id}/${userId}/${fingerprint}`, pem));
  const privateKeyPem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { tenancy: id, user: userId, fingerprint, privateKeyPem };
}

/** A small world with two tenancies, two compartments in the first, a bucket in each region; its clock stands until moved. */
export class Service {
  readonly world: World;
  readonly mine: TestProfile;
  readonly stranger: TestProfile;
  readonly compartment: string;
  readonly otherCompartment: string;
  readonly strangeCompartment: string;
  readonly #builder: Builder;
  now = startedAt;

  constructor(settings: Partial<WorldSettings> = {}) {
    this.world = new World({ settleMs, isThrottled: false, ...settings });
    this.#builder = { world: this.world, chance: seededChance(7), now: startedAt };
    this.mine = makeProfile(this.#builder, "mine");
    this.stranger = makeProfile(this.#builder, "stranger");
    this.compartment = this.addCompartment("First");
    this.otherCompartment = this.addCompartment("Second");
    this.strangeCompartment = this.addCompartment("Theirs", this.stranger.tenancy);
    for (const region of servedRegions) {
      const { tenancy, user } = this.mine;
      const bucket = { tenancyId: tenancy, userId: user, compartmentId: this.compartment, region };
      addBucket(this.#builder, { ...bucket, name: "backups" });
      if (region === abroad) addBucket(this.#builder, { ...bucket, name: "only-abroad" });
    }
    this.world.commit();
  }

  get namespace(): string {
    return "nsmine";
  }

  addCompartment(name: string, parentId = this.mine.tenancy, tenancyId = parentId): string {
    return addCompartment(this.#builder, { name, parentId, tenancyId, description: name });
  }

  addVault(facts: Partial<VaultFacts> = {}): VaultRecord {
    const vault = addVault(this.#builder, {
      tenancyId: this.mine.tenancy,
      region: home,
      compartmentId: this.compartment,
      displayName: "ledger",
      vaultType: "VIRTUAL_PRIVATE",
      ageDays: 30,
      ...facts,
    });
    this.world.commit();
    return vault;
  }

  addKey(vault: VaultRecord, facts: Partial<KeyRecord> = {}): KeyRecord {
    const key = addKey(this.#builder, vault, { displayName: "master", protectionMode: "HSM", ...facts });
    this.world.commit();
    return key;
  }

  /** Lets time pass; by default as long as any transition takes. */
  pass(ms: number = settleMs + 1000): void {
    this.now += ms;
  }

  /** Asks as the console would. */
  ask<Name extends OperationName>(operation: Name, params: Params<Name>, options: AskOptions = {}): ServiceAnswer {
    const wire = encode(request(operation, params) as unknown as OperationRequest);
    const body = options.rawBody ?? (wire.body as string | Uint8Array | undefined);
    const answer = this.askRaw(wire.method, wire.target + (options.extraQuery ?? ""), {
      ...options,
      headers: { ...wire.headers, ...options.headers },
      body,
    });
    judge(operation, answer);
    const { success } = operationRow(operation);
    if (answer.status < 300 && answer.status !== success && answer.status !== 206) {
      throw new Error(`${operation} answered ${answer.status}, not ${success}`);
    }
    return answer;
  }

  /** Asks with any method and target; signed like everything else. */
  askRaw(
    method: string,
    target: string,
    options: Omit<AskOptions, "rawBody" | "extraQuery"> & { readonly body?: string | Uint8Array } = {},
  ): ServiceAnswer {
    const headers = signHeaders(options.profile ?? this.mine, {
      method,
      target,
      host: options.host ?? "127.0.0.1:9000",
      date: new Date(this.now),
      body: options.body,
      headers: options.headers,
    });
    return this.askUnsigned(method, target, headers, options.body, options.region);
  }

  /** Asks with exactly these headers. */
  askUnsigned(
    method: string,
    target: string,
    headers: Record<string, string>,
    body: string | Uint8Array = "",
    region = home,
  ): ServiceAnswer {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const arrived = { method, rawTarget: target, headers, body: bytes };
    const endpoints = {
      portOf: (name: string) => (servedRegions.includes(name) ? 9000 + servedRegions.indexOf(name) : undefined),
    };
    const answer = respond(this.world, arrived, { region, wallNow: this.now, endpoints });
    const text = Buffer.from(answer.body).toString();
    const isJson = answer.headers["content-type"] === "application/json" && text !== "";
    const { status } = answer;
    const judged = { status, headers: answer.headers, body: answer.body, json: isJson ? JSON.parse(text) : undefined };
    if (answer.about.operation === null) judge(null, judged);
    return judged;
  }

  /** The vault as GetVault shows it now. */
  see(vaultId: string, region = home): ServiceAnswer["json"] {
    return this.ask("getVault", { vaultId }, { region }).json;
  }
}

/** Status and code, the two things most refusals are judged by. */
export function verdict(answer: ServiceAnswer): string {
  return answer.json?.code === undefined ? String(answer.status) : `${answer.status} ${answer.json.code}`;
}

export const unknownOcid =
  "ocid1.vault.oc1.iad.bunknownvault.abuwclaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
