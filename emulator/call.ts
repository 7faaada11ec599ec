/** What a rule is given and what it gives back. One rule for each operation, see operations/. */
import type { OperationName } from "#lib/contract/operations.ts";
import type { Params } from "#lib/contract/request.ts";
import type { Endpoints } from "./endpoints.ts";
import type { World } from "./world.ts";

/** A request as it arrived. */
export interface EmulatorRequest {
  readonly method: string;
  /** Path and query exactly as sent: the signature covers these characters. */
  readonly rawTarget: string;
  /** Lower-case names; repeated ones joined by a comma and a space. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Known when the body was hashed while it arrived; base64. */
  readonly digests?: { readonly sha256: string; readonly md5: string };
}

/** Where and when a request arrived. */
export interface Place {
  readonly region: string;
  /** Wall clock, epoch milliseconds. */
  readonly wallNow: number;
  readonly endpoints: Endpoints;
}

export interface Principal {
  readonly tenancyId: string;
  readonly userId: string;
}

export interface Call<Name extends OperationName> {
  readonly world: World;
  readonly params: Params<Name>;
  readonly principal: Principal;
  readonly region: string;
  /** The world's time, epoch milliseconds. */
  readonly now: number;
  readonly endpoints: Endpoints;
  readonly request: EmulatorRequest;
  /** The vault a management endpoint's host names; undefined on every other host. */
  readonly vaultPart: string | undefined;
}

/** What a rule answers; the status is the table's unless given. */
export interface Outcome {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as they are. */
  readonly bytes?: Uint8Array;
  /** Content-length of a HEAD answer, which has no body. */
  readonly byteLength?: number;
  /** The vault a retry token's stored answer is about. */
  readonly vaultId?: string;
}

/** The service's behaviour for one operation. Throws OciError to refuse; changes nothing but through `call.world`. */
export type Rule<Name extends OperationName> = (call: Call<Name>) => Outcome;
