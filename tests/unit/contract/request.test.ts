import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OciError } from "#lib/contract/errors.ts";
import { type OperationName, operationNames, operationRow } from "#lib/contract/operations.ts";
import { type DecodedRequest, decode, encode, matchOperation, readResult, request } from "#lib/contract/request.ts";

const letters = "abcdefghijklmnopqrstuvwxyz234567";
const ocid = fc
  .string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 60 })
  .map((tail) => `ocid1.vault.oc1.iad.b.${tail}`);
/** Any text without control characters, in any script. */
const text = (maxLength: number) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in it
  fc.string({ unit: "grapheme", minLength: 1, maxLength }).map((value) => value.replace(/[\u0000-\u001f\u007f]/g, "x"));
// `__proto__` is no key of a parsed object: our boundary refuses it by name (see below).
const tagKey = fc
  .string({ unit: fc.constantFrom(...letters, "-", "_", "%", "&", "/"), minLength: 1, maxLength: 20 })
  .filter((key) => key !== "__proto__");
const freeformTags = fc.dictionary(tagKey, text(50), { maxKeys: 10, noNullPrototype: true });
const definedTags = fc.dictionary(
  tagKey,
  fc.dictionary(tagKey, fc.oneof(text(20), fc.integer(), fc.boolean()), { maxKeys: 3, noNullPrototype: true }),
  {
    maxKeys: 3,
    noNullPrototype: true,
  },
);
const timestamp = fc
  .date({ min: new Date(0), max: new Date("2200-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const region = fc.constantFrom("us-ashburn-1", "eu-frankfurt-1", "mx-queretaro-1");
const url = fc.webUrl();
const header = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_/+="*'), minLength: 1, maxLength: 64 });
const word = fc.string({ unit: fc.constantFrom(...letters, "-", "_"), minLength: 1, maxLength: 30 });
const objectName = text(60).filter((name) => name !== "." && name !== ".." && Buffer.byteLength(name) <= 1024);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const backupLocation = fc.oneof(
  fc.record({ destination: fc.constant("BUCKET"), namespace: word, bucketName: word, objectName }),
  fc.record({ destination: fc.constant("PRE_AUTHENTICATED_REQUEST_URI"), uri: url }),
);
const bytes = fc.uint8Array({ maxLength: 64 });

const bodies: Partial<Record<OperationName, fc.Arbitrary<unknown>>> = {
  createVault: fc.oneof(
    fc.record(
      {
        compartmentId: ocid,
        displayName: text(100),
        vaultType: fc.constantFrom("DEFAULT", "VIRTUAL_PRIVATE"),
        freeformTags,
        definedTags,
      },
      { requiredKeys: ["compartmentId", "displayName", "vaultType"] },
    ),
    fc.record({
      compartmentId: ocid,
      displayName: text(100),
      vaultType: fc.constant("EXTERNAL"),
      externalKeyManagerMetadata: fc.record({
        externalVaultEndpointUrl: url,
        privateEndpointId: text(50),
        oauthMetadata: fc.record({ idcsAccountNameUrl: url, clientAppId: text(50), clientAppSecret: text(50) }),
      }),
    }),
  ),
  updateVault: fc.record({ displayName: text(100), freeformTags, definedTags }, { requiredKeys: [] }),
  changeVaultCompartment: fc.record({ compartmentId: ocid }),
  scheduleVaultDeletion: fc.record({ timeOfDeletion: timestamp }, { requiredKeys: [] }),
  backupVault: fc.record({ backupLocation, isIncludeKeys: fc.boolean() }, { requiredKeys: [] }),
  restoreVaultFromObjectStore: fc.record({ backupLocation }, { requiredKeys: [] }),
  restoreVaultFromFile: bytes,
  putObject: bytes,
  createVaultReplica: fc.record(
    {
      replicaRegion: region,
      replicaVaultMetadata: fc.record({
        vaultType: fc.constant("EXTERNAL"),
        privateEndpointId: text(50),
        idcsAccountNameUrl: url,
      }),
    },
    { requiredKeys: ["replicaRegion"] },
  ),
  deleteVaultReplica: fc.record({ replicaRegion: region }),
  createPreauthenticatedRequest: fc.record(
    { name: text(50), accessType: fc.constantFrom("ObjectRead", "AnyObjectWrite"), timeExpires: timestamp, objectName },
    { requiredKeys: ["name", "accessType", "timeExpires"] },
  ),
};
const queries: Record<string, fc.Arbitrary<unknown>> = {
  compartmentId: ocid,
  limit: fc.integer({ min: 1, max: 1000 }),
  page: text(100),
  sortBy: fc.constantFrom("TIMECREATED"),
  sortOrder: fc.constantFrom("ASC", "DESC"),
  accessLevel: fc.constantFrom("ANY", "ACCESSIBLE"),
  compartmentIdInSubtree: fc.boolean(),
  name: text(50),
  lifecycleState: fc.constantFrom("ACTIVE", "DELETED"),
  delimiter: fc.constant("/"),
};
/** Where one name has other values in one operation. */
const ownQueries: Partial<Record<OperationName, Record<string, fc.Arbitrary<unknown>>>> = {
  listLimitValues: { sortBy: fc.constant("name"), scopeType: fc.constantFrom("GLOBAL", "REGION", "AD") },
};
const headerNames: Record<string, string> = {
  "if-match": "ifMatch",
  "if-none-match": "ifNoneMatch",
  "opc-retry-token": "opcRetryToken",
  "content-md5": "contentMd5",
  range: "range",
};

/** Any good request of an operation. */
function anyRequest(name: OperationName): fc.Arbitrary<Record<string, unknown>> {
  const row = operationRow(name);
  const fields: Record<string, fc.Arbitrary<unknown>> = { opcRequestId: optional(word) };
  for (const [, param = ""] of row.path.matchAll(/\{(\w+)\}/g)) {
    fields[param] = param === "objectName" ? objectName : param.endsWith("Id") ? ocid : word;
  }
  for (const param of Object.keys(row.query)) {
    const arbitrary = ownQueries[name]?.[param] ?? queries[param] ?? text(50);
    const isRequired = (param === "compartmentId" && name !== "getNamespace") || param === "serviceName";
    fields[param] = isRequired ? arbitrary : optional(arbitrary);
  }
  for (const wire of row.headers) fields[headerNames[wire] ?? ""] = optional(header);
  const body = bodies[name];
  if (body !== undefined) fields.body = row.bodyOptional ? optional(body) : body;
  return fc
    .record(fields)
    .map((params) => Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)));
}

function arrive(value: DecodedRequest) {
  const wire = encode(value);
  const body =
    typeof wire.body === "string" ? new TextEncoder().encode(wire.body) : (wire.body as Uint8Array | undefined);
  return { method: wire.method, target: wire.target, header: (name: string) => wire.headers[name], body };
}

describe("decode(encode(x)) = x", () => {
  test.each(operationNames)("%s", (name) => {
    fc.assert(
      fc.property(anyRequest(name), (params) => {
        const value: DecodedRequest = { operation: name, params };
        expect(decode(arrive(value), { unknown: "refuse" })).toEqual(value);
      }),
      { numRuns: 60 },
    );
  });

  test("a target has only characters that need no second look, and a body with a file is the file", () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...operationNames)
          .chain((name) => anyRequest(name).map((params) => ({ operation: name, params }))),
        (value) => {
          expect(encode(value).target).toMatch(/^[A-Za-z0-9\-._~/?&=%:]+$/);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("bad input", () => {
  const good = "ocid1.vault.oc1.iad.b.abc";
  const ask = (
    method: string,
    target: string,
    body?: string,
    headers: Record<string, string> = {},
    unknown?: "refuse",
  ) =>
    decode(
      {
        method,
        target,
        header: (name) => headers[name],
        body: body === undefined ? undefined : new TextEncoder().encode(body),
      },
      unknown === undefined ? {} : { unknown },
    );
  const codeOf = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof OciError) return `${error.status} ${error.code}`;
      throw error;
    }
    return "fine";
  };

  test("a tag key that no object can hold is refused by name, not dropped", () => {
    const body = `{"freeformTags":{"__proto__":"x"}}`;
    expect(codeOf(() => ask("PUT", `/20180608/vaults/${good}`, body, {}, "refuse"))).toBe("400 InvalidParameter");
  });
  test.each<[string, string, string, string | undefined, string]>([
    ["a path of nobody", "GET", "/20180608/keyz", undefined, "404 NotFound"],
    ["no path", "GET", "", undefined, "404 NotFound"],
    ["an absolute target", "GET", `http://evil.example/20180608/vaults/${good}`, undefined, "404 NotFound"],
    ["the right path, wrong method", "PATCH", `/20180608/vaults/${good}`, undefined, "405 MethodNotAllowed"],
    ["a lower-case method", "get", `/20180608/vaults/${good}`, undefined, "405 MethodNotAllowed"],
    ["half an escape", "GET", "/20180608/vaults/%e0%a4%a", undefined, "404 NotFound"],
    [
      "an escaped slash in an OCID",
      "GET",
      "/20180608/vaults/ocid1.vault.oc1.iad.b%2f..%2fx",
      undefined,
      "400 InvalidParameter",
    ],
    [
      "a control character in an OCID",
      "GET",
      "/20180608/vaults/ocid1.vault.oc1.iad.b.a%0d%0a",
      undefined,
      "400 InvalidParameter",
    ],
    [
      "an OCID of 256",
      "GET",
      `/20180608/vaults/ocid1.vault.oc1.iad.${"a".repeat(236)}`,
      undefined,
      "400 InvalidParameter",
    ],
    ["no compartment", "GET", "/20180608/vaults", undefined, "400 MissingParameter"],
    ["an empty compartment", "GET", "/20180608/vaults?compartmentId=", undefined, "400 InvalidParameter"],
    ["no body", "POST", "/20180608/vaults", undefined, "400 MissingParameter"],
    ["a body in pieces", "POST", "/20180608/vaults", "{", "400 CannotParseRequest"],
    ["a body that is a list", "POST", "/20180608/vaults", "[]", "400 InvalidParameter"],
    ["a missing field", "POST", "/20180608/vaults", "{}", "400 MissingParameter"],
    ["a bucket called ..", "GET", "/n/ns/b/../o", undefined, "400 InvalidParameter"],
    ["an object called ..", "GET", "/n/ns/b/b/o/..", undefined, "400 InvalidParameter"],
    ["a namespace with a dot", "GET", "/n/a.b/b/b/o", undefined, "400 InvalidParameter"],
  ])("%s", (_, method, target, body, expected) => {
    expect(codeOf(() => ask(method, target, body))).toBe(expected);
  });

  test("unknown parameters, fields and doubles: refused at our own boundary, ignored by the service", () => {
    const path = `/20180608/vaults/${good}`;
    const cases: [string, string, string | undefined][] = [
      ["GET", `${path}?x=1`, undefined],
      ["GET", `/20180608/vaults?compartmentId=${good}&compartmentId=${good}`, undefined],
      ["PUT", path, '{"displayName":"a","lifecycleState":"ACTIVE"}'],
      [
        "POST",
        "/20180608/vaults",
        `{"compartmentId":"${good}","displayName":"a","vaultType":"DEFAULT","__proto__":{"x":1}}`,
      ],
      [
        "POST",
        `${path}/actions/backup`,
        '{"backupLocation":{"destination":"BUCKET","namespace":"n","bucketName":"b","objectName":"o","uri":"x"}}',
      ],
    ];
    for (const [method, target, body] of cases) {
      expect(
        codeOf(() => ask(method, target, body)),
        target,
      ).toBe("fine");
      expect(
        codeOf(() => ask(method, target, body, {}, "refuse")),
        target,
      ).toBe("400 InvalidParameter");
    }
  });

  test("headers longer than 1024 characters", () => {
    expect(codeOf(() => ask("PUT", `/20180608/vaults/${good}`, "{}", { "if-match": "x".repeat(1025) }))).toBe(
      "400 InvalidParameter",
    );
  });

  test("a missing path parameter is the programmer's error", () => {
    expect(() => encode(request("getVault", {} as never) as never)).toThrow(TypeError);
    expect(() => encode(request("getVault", { vaultId: "" }) as never)).toThrow(TypeError);
  });

  test("nothing that arrives makes anything but an OciError", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("GET", "POST", "PUT", "HEAD", "X"),
        fc.string({ unit: "binary" }),
        fc.string(),
        (method, tail, body) => {
          for (const head of ["", "/20180608/vaults/", "/20180608/vaults?compartmentId=", "/n/", "/n/ns/b/b/o/"]) {
            codeOf(() => ask(method, head + tail, body));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test("literals come before parameters", () => {
    expect(matchOperation("POST", "/20180608/vaults/actions/restoreFromFile").operation).toBe("restoreVaultFromFile");
    expect(matchOperation("GET", "/20180608/vaults/actions").operation).toBe("getVault");
  });
});

describe("readResult is a tolerant reader", () => {
  const vault = {
    id: "i",
    compartmentId: "c",
    displayName: "n",
    vaultType: "QUANTUM",
    lifecycleState: "THINKING",
    timeCreated: "t",
    cryptoEndpoint: "e",
    managementEndpoint: "m",
    wrappingkeyId: "",
    freeformTags: null,
    definedTags: null,
    somethingNew: { deep: true },
  };

  test("new enum values, extra fields and nulls pass; a missing name does not", () => {
    expect(readResult("getVault", vault)).toMatchObject({
      vaultType: "QUANTUM",
      lifecycleState: "THINKING",
      freeformTags: null,
    });
    expect(() => readResult("getVault", { ...vault, displayName: undefined })).toThrow(/getVault.*displayName/);
    expect(() => readResult("listVaults", {})).toThrow(/listVaults/);
  });
});
