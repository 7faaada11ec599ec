/** A signer of its own, written from the contract and not from lib/oci: the emulator must not only fit its own house's client. */
import { createHash, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";

export interface TestProfile {
  readonly tenancy: string;
  readonly user: string;
  readonly fingerprint: string;
  readonly privateKeyPem: string;
}

/** Reads a profile of the config file the emulator wrote. */
export function readProfile(configPath: string, name = "DEFAULT"): TestProfile {
  const section = readFileSync(configPath, "utf8").split(`[${name}]`)[1]?.split("\n[")[0] ?? "";
  const field = (key: string): string => new RegExp(`^${key}=(.*)$`, "m").exec(section)?.[1] ?? "";
  return {
    tenancy: field("tenancy"),
    user: field("user"),
    fingerprint: field("fingerprint"),
    privateKeyPem: readFileSync(field("key_file"), "utf8"),
  };
}

export interface TestRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly body?: Uint8Array | string;
  readonly headers?: Record<string, string>;
  readonly date?: Date;
}

/** All headers of a signed request, lower case. */
export function signHeaders(profile: TestProfile, given: TestRequest): Record<string, string> {
  const headers: Record<string, string> = {
    host: given.host,
    date: (given.date ?? new Date()).toUTCString(),
    ...given.headers,
  };
  const signed = ["date", "(request-target)", "host"];
  if (given.method === "POST" || given.method === "PUT") {
    const body = given.body ?? "";
    headers["content-type"] ??= "application/json";
    headers["content-length"] = String(Buffer.byteLength(body));
    headers["x-content-sha256"] = createHash("sha256").update(body).digest("base64");
    signed.push("content-length", "content-type", "x-content-sha256");
  }
  const line = (name: string): string =>
    name === "(request-target)"
      ? `${name}: ${given.method.toLowerCase()} ${given.target}`
      : `${name}: ${headers[name]}`;
  const signature = sign("RSA-SHA256", Buffer.from(signed.map(line).join("\n")), profile.privateKeyPem);
  const keyId = `${profile.tenancy}/${profile.user}/${profile.fingerprint}`;
  headers.authorization = `Signature version="1",keyId="${keyId}",algorithm="rsa-sha256",headers="${signed.join(" ")}",signature="${signature.toString("base64")}"`;
  return headers;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
export type TestJson = any;

export interface TestAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  json(): TestJson;
}

/** Sends a signed request over a socket to `address`, whatever its host header says. */
export function send(
  profile: TestProfile,
  address: string,
  given: Omit<TestRequest, "host"> & { host?: string },
): Promise<TestAnswer> {
  const url = new URL(address);
  const headers = signHeaders(profile, { host: url.host, ...given });
  return sendRaw(address, given.method, given.target, headers, given.body);
}

/** Sends a request exactly as given. */
export function sendRaw(
  address: string,
  method: string,
  target: string,
  headers: Record<string, string>,
  body?: Uint8Array | string,
): Promise<TestAnswer> {
  const url = new URL(address);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: url.hostname, port: url.port, method, path: target, headers, setHost: headers.host === undefined },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string>,
            body: bytes,
            json: () => JSON.parse(bytes.toString()),
          });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
