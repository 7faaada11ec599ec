import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { judge } from "./judge.ts";
import { abroad, dayMs, Service, verdict } from "./service.ts";

const bucket = { namespaceName: "nsmine", bucketName: "backups" };
const md5 = (text: string): string => createHash("md5").update(text).digest("base64");

function stocked(...names: string[]): Service {
  const service = new Service();
  for (const objectName of names)
    service.ask("putObject", { ...bucket, objectName, body: Buffer.from(`content of ${objectName}`) });
  return service;
}

describe("namespaces and buckets", () => {
  test("getNamespace is a JSON string, the caller's own", () => {
    const service = new Service();
    expect(service.ask("getNamespace", {}).json).toBe("nsmine");
    expect(service.ask("getNamespace", {}, { profile: service.stranger }).json).toBe("nsstranger");
    const echoed = service.ask("getNamespace", { opcRequestId: "trace-me" });
    expect(echoed.headers["opc-client-request-id"]).toBe("trace-me");
  });

  test("listBuckets: of one compartment and region, paged", () => {
    const service = new Service();
    const list = (params: object, region?: string) =>
      service.ask(
        "listBuckets",
        { namespaceName: "nsmine", compartmentId: service.compartment, ...params },
        { region },
      );
    expect(list({}).json.map(({ name }: { name: string }) => name)).toEqual(["backups"]);
    expect(list({}, abroad).json).toHaveLength(2);
    const first = list({ limit: 1 }, abroad);
    expect(list({ limit: 1, page: first.headers["opc-next-page"] }, abroad).json[0].name).toBe("only-abroad");
    expect(list({ compartmentId: service.otherCompartment }).json).toEqual([]);
    expect(verdict(list({ namespaceName: "nsstranger" }))).toBe("404 NamespaceNotFound");
    expect(verdict(list({ compartmentId: service.strangeCompartment }))).toBe("404 NotAuthorizedOrNotFound");
  });
});

describe("listObjects", () => {
  const names = (service: Service, params: object = {}) => {
    const { json } = service.ask("listObjects", { ...bucket, ...params });
    return [json.objects.map(({ name }: { name: string }) => name), json.prefixes, json.nextStartWith];
  };

  test("by name; prefix, start, end, startAfter", () => {
    const service = stocked("b", "a", "dir/two", "dir/one");
    expect(names(service)).toEqual([["a", "b", "dir/one", "dir/two"], [], null]);
    expect(names(service, { prefix: "dir/" })[0]).toEqual(["dir/one", "dir/two"]);
    expect(names(service, { start: "b" })[0]).toEqual(["b", "dir/one", "dir/two"]);
    expect(names(service, { startAfter: "b" })[0]).toEqual(["dir/one", "dir/two"]);
    expect(names(service, { end: "b" })[0]).toEqual(["a"]);
  });

  test("pages by nextStartWith, prefixes included", () => {
    const service = stocked("a", "b", "c", "dir/1", "dir/2", "e");
    expect(names(service, { limit: 2 })).toEqual([["a", "b"], [], "c"]);
    expect(names(service, { limit: 2, start: "c" })).toEqual([["c", "dir/1"], [], "dir/2"]);
    expect(names(service, { delimiter: "/", limit: 4 })).toEqual([["a", "b", "c"], ["dir/"], "e"]);
    expect(names(service, { delimiter: "/", prefix: "dir/" })).toEqual([["dir/1", "dir/2"], [], null]);
  });

  test("only names unless fields are asked for", () => {
    const service = stocked("a");
    const [plain] = service.ask("listObjects", bucket).json.objects;
    expect(plain).toEqual({ name: "a" });
    const [full] = service.ask("listObjects", { ...bucket, fields: "name,size,md5,etag,timeCreated,timeModified" }).json
      .objects;
    expect(full).toMatchObject({ name: "a", size: 12, md5: md5("content of a") });
    expect(verdict(service.ask("listObjects", { ...bucket, fields: "name,colour" }))).toBe("400 InvalidParameter");
    expect(verdict(service.ask("listObjects", { ...bucket, delimiter: "-" }))).toBe("400 InvalidParameter");
    expect(verdict(service.ask("listObjects", { ...bucket, bucketName: "none" }))).toBe("404 BucketNotFound");
  });
});

describe("objects", () => {
  test("put, head, get, delete", () => {
    const service = stocked();
    const object = { ...bucket, objectName: "dir/a b.bin" };
    const body = Buffer.from([0, 255, 10, 13, 128]);
    const hash = createHash("md5").update(body).digest("base64");
    const put = service.ask("putObject", { ...object, body, contentMd5: hash });
    expect(put.headers["opc-content-md5"]).toBe(hash);
    expect(put.headers.etag).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/);
    const head = service.ask("headObject", object);
    expect(head.headers).toMatchObject({ "content-length": "5", "content-md5": hash, etag: put.headers.etag });
    expect(head.body).toHaveLength(0);
    expect(Buffer.from(service.ask("getObject", object).body)).toEqual(body);
    expect(service.ask("deleteObject", object).status).toBe(204);
    expect(verdict(service.ask("getObject", object))).toBe("404 ObjectNotFound");
    expect(verdict(service.ask("deleteObject", object))).toBe("404 ObjectNotFound");
    expect(service.ask("headObject", object)).toMatchObject({ status: 404, json: undefined });
  });

  test.each([
    ["bytes=0-6", 206, "content", "bytes 0-6/12"],
    ["bytes=8-", 206, "of a".slice(0, 4), "bytes 8-11/12"],
    ["bytes=-1", 206, "a", "bytes 11-11/12"],
    ["bytes=8-100", 206, "of a", "bytes 8-11/12"],
    ["bytes=0-1,3-4", 200, "content of a", undefined],
    ["lines=1-2", 200, "content of a", undefined],
    ["bytes=12-", 416, undefined, undefined],
  ])("range %s is answered %i", (range, status, text, contentRange) => {
    const answer = stocked("a").ask("getObject", { ...bucket, objectName: "a", range });
    expect(answer.status).toBe(status);
    expect(answer.headers["content-range"]).toBe(contentRange);
    if (text !== undefined) expect(Buffer.from(answer.body).toString()).toBe(text);
  });

  test("preconditions: if-match, if-none-match, MD5", () => {
    const service = stocked("a");
    const object = { ...bucket, objectName: "a" };
    const etag = service.ask("headObject", object).headers.etag ?? "";
    const body = Buffer.from("new");
    expect(verdict(service.ask("getObject", { ...object, ifMatch: "x" }))).toBe("412 IfMatchFailed");
    expect(verdict(service.ask("putObject", { ...object, body, ifMatch: "x" }))).toBe("412 IfMatchFailed");
    expect(verdict(service.ask("deleteObject", { ...object, ifMatch: "x" }))).toBe("412 IfMatchFailed");
    expect(verdict(service.ask("putObject", { ...object, body, ifNoneMatch: "*" }))).toBe("412 IfNoneMatchFailed");
    expect(verdict(service.ask("putObject", { ...object, body, ifNoneMatch: etag }))).toBe("400 InvalidParameter");
    expect(verdict(service.ask("putObject", { ...object, body, contentMd5: md5("x") }))).toBe(
      "400 UnmatchedContentMD5",
    );
    expect(verdict(service.ask("putObject", { ...object, body, contentMd5: "x" }))).toBe("400 InvalidContentMD5");
    expect(service.ask("putObject", { ...object, body, ifMatch: etag }).status).toBe(200);
    expect(service.ask("headObject", object).headers.etag).not.toBe(etag);
    expect(service.ask("putObject", { ...bucket, objectName: "b", body, ifNoneMatch: "*" }).status).toBe(200);
  });

  test("another tenancy's bucket is not there", () => {
    const service = stocked("a");
    const answer = service.ask("getObject", { ...bucket, objectName: "a" }, { profile: service.stranger });
    expect(verdict(answer)).toBe("404 NamespaceNotFound");
    const mixed = service.ask("getObject", { namespaceName: "nsstranger", bucketName: "backups", objectName: "a" });
    expect(verdict(mixed)).toBe("404 NamespaceNotFound");
  });
});

describe("pre-authenticated requests", () => {
  const tomorrow = (service: Service): string => new Date(service.now + dayMs).toISOString();

  test("the secret is shown once; reading needs no signature", () => {
    const service = stocked("dir/a b");
    const body = {
      name: "read it",
      accessType: "ObjectRead",
      objectName: "dir/a b",
      timeExpires: tomorrow(service),
    } as const;
    const { json } = service.ask("createPreauthenticatedRequest", { ...bucket, body });
    expect(json.fullPath).toBe(`http://127.0.0.1:9000${json.accessUri}`);
    expect(json.accessUri).toMatch(/^\/p\/[\w-]{43}\/n\/nsmine\/b\/backups\/o\/dir\/a%20b$/);
    const read = service.askUnsigned("GET", json.accessUri, { host: "127.0.0.1:9000" });
    judge("getObjectByPar", read);
    expect(Buffer.from(read.body).toString()).toBe("content of dir/a b");
    const listed = service.ask("listPreauthenticatedRequests", bucket).json;
    expect(listed).toHaveLength(1);
    expect(JSON.stringify(listed)).not.toContain(json.accessUri.split("/")[2]);
    expect(JSON.stringify([...service.world.all("preauthenticated")])).not.toContain(json.accessUri.split("/")[2]);
    expect(service.askUnsigned("GET", json.accessUri, {}, "", abroad).status).toBe(404);
    expect(service.askUnsigned("PUT", json.accessUri, {}, "x").status).toBe(404);
    expect(service.askUnsigned("POST", json.accessUri, {}, "x").status).toBe(405);
    expect(service.askUnsigned("GET", json.accessUri.replace("a%20b", "other"), {}).status).toBe(404);
    expect(service.askUnsigned("HEAD", json.accessUri, {}).headers["content-length"]).toBe("18");
    service.pass(dayMs + 1);
    expect(service.askUnsigned("GET", json.accessUri, {}).status).toBe(404);
  });

  test("writing through one", () => {
    const service = stocked();
    const body = { name: "w", accessType: "AnyObjectWrite", timeExpires: tomorrow(service) } as const;
    const { json } = service.ask("createPreauthenticatedRequest", { ...bucket, body });
    const put = service.askUnsigned("PUT", `${json.accessUri}new.bin`, { "content-md5": md5("hello") }, "hello");
    judge("putObjectByPar", put);
    expect(put.status).toBe(200);
    expect(service.askUnsigned("GET", `${json.accessUri}new.bin`, {}).status).toBe(404);
    expect(verdict(service.askUnsigned("PUT", `${json.accessUri}bad`, { "content-md5": md5("x") }, "hello"))).toBe(
      "400 UnmatchedContentMD5",
    );
    service.pass(1);
    expect(Buffer.from(service.ask("getObject", { ...bucket, objectName: "new.bin" }).body).toString()).toBe("hello");
  });

  test.each([
    ["a date gone by", { timeExpires: "2020-01-01T00:00:00Z" }, "400 InvalidParameter"],
    ["an object type without object", { objectName: undefined }, "400 MissingParameter"],
    ["an unknown type", { accessType: "Everything" }, "400 InvalidParameter"],
    ["no name", { name: undefined }, "400 MissingParameter"],
  ])("refuses %s", (_, change, expected) => {
    const service = stocked();
    const rawBody = JSON.stringify({
      name: "n",
      accessType: "ObjectRead",
      objectName: "o",
      timeExpires: tomorrow(service),
      ...change,
    });
    expect(
      verdict(service.ask("createPreauthenticatedRequest", { ...bucket, body: undefined as never }, { rawBody })),
    ).toBe(expected);
  });
});
