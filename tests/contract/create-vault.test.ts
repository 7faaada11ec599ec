import { describe, expect, test } from "vitest";
import { dayMs, Service, type ServiceAnswer, unknownOcid, verdict } from "./service.ts";

const external = {
  externalVaultEndpointUrl: "https://ekm.example/v",
  privateEndpointId: "ocid1.ekmsprivateendpoint.oc1.iad.x",
  oauthMetadata: { idcsAccountNameUrl: "https://idcs.example", clientAppId: "app", clientAppSecret: "secret" },
};

describe("createVault", () => {
  test.each(["DEFAULT", "VIRTUAL_PRIVATE"] as const)("%s answers CREATING and becomes ACTIVE", (vaultType) => {
    const service = new Service();
    const body = { compartmentId: service.compartment, displayName: "new", vaultType, freeformTags: { a: "1" } };
    const { json, headers } = service.ask("createVault", { body });
    expect(json).toMatchObject({ ...body, lifecycleState: "CREATING", isVaultReplicable: true, isPrimary: true });
    expect(json.id).toMatch(/^ocid1\.vault\.oc1\.iad\.[a-z2-7]{13}\.[a-z2-7]{60}$/);
    expect(headers.etag).toBeDefined();
    expect(service.see(json.id).lifecycleState).toBe("CREATING");
    service.pass();
    expect(service.see(json.id).lifecycleState).toBe("ACTIVE");
    expect(service.ask("listVaults", { compartmentId: service.compartment }).json).toHaveLength(1);
  });

  test("E4: with no delay the answer still says CREATING and the next look ACTIVE", () => {
    const service = new Service({ settleMs: 0 });
    const body = { compartmentId: service.compartment, displayName: "new", vaultType: "DEFAULT" } as const;
    const { json } = service.ask("createVault", { body });
    expect(json.lifecycleState).toBe("CREATING");
    expect(service.see(json.id).lifecycleState).toBe("ACTIVE");
  });

  const good = { displayName: "new", vaultType: "DEFAULT" };
  test.each<[string, object | string, string]>([
    ["255 characters", { ...good, displayName: "x".repeat(255) }, "200"],
    ["a name in any script", { ...good, displayName: "顧客データ 🔐 خزنة <img src=x>" }, "200"],
    ["10 tags", { ...good, freeformTags: Object.fromEntries([..."abcdefghij"].map((key) => [key, ""])) }, "200"],
    ["E17: unknown fields", { ...good, color: "red" }, "200"],
    ["EXTERNAL with its metadata", { ...good, vaultType: "EXTERNAL", externalKeyManagerMetadata: external }, "200"],
    ["E3: an empty name", { ...good, displayName: "" }, "400 InvalidParameter"],
    ["E3: 256 characters", { ...good, displayName: "x".repeat(256) }, "400 InvalidParameter"],
    ["E3: a control character", { ...good, displayName: "a\u0000b" }, "400 InvalidParameter"],
    ["a line break", { ...good, displayName: "a\nb" }, "400 InvalidParameter"],
    ["no name", { vaultType: "DEFAULT" }, "400 MissingParameter"],
    ["no type", { displayName: "new" }, "400 MissingParameter"],
    ["an unknown type", { ...good, vaultType: "HSM" }, "400 InvalidParameter"],
    ["a number as name", { ...good, displayName: 7 }, "400 InvalidParameter"],
    [
      "11 tags",
      { ...good, freeformTags: Object.fromEntries([..."abcdefghijk"].map((key) => [key, ""])) },
      "400 InvalidParameter",
    ],
    ["a tag key with a dot", { ...good, freeformTags: { "a.b": "1" } }, "400 InvalidParameter"],
    ["a tag value of 257", { ...good, freeformTags: { a: "x".repeat(257) } }, "400 InvalidParameter"],
    ["a tag that is a number", { ...good, freeformTags: { a: 1 } }, "400 InvalidParameter"],
    ["defined tags of the wrong depth", { ...good, definedTags: { ns: "x" } }, "400 InvalidParameter"],
    ["EXTERNAL without metadata", { ...good, vaultType: "EXTERNAL" }, "400 MissingParameter"],
    ["metadata on another type", { ...good, externalKeyManagerMetadata: external }, "400 InvalidParameter"],
    ["an array", "[]", "400 InvalidParameter"],
    ["null", "null", "400 InvalidParameter"],
    ["half a body", '{"displayName":', "400 CannotParseRequest"],
    ["bytes that are not UTF-8", '{"displayName":"\\ud800', "400 CannotParseRequest"],
    ["no body", "", "400 MissingParameter"],
  ])("judges %s", (_, body, expected) => {
    const service = new Service();
    const rawBody = typeof body === "string" ? body : JSON.stringify({ compartmentId: service.compartment, ...body });
    const answer = service.ask("createVault", { body: undefined as never }, { rawBody });
    expect(verdict(answer)).toBe(expected);
    if (answer.status === 200) expect(service.see(answer.json.id).displayName).toBe(answer.json.displayName);
  });

  test.each([
    ["unknown compartment", () => unknownOcid, "404 NotAuthorizedOrNotFound"],
    ["another tenancy's", (service: Service) => service.strangeCompartment, "404 NotAuthorizedOrNotFound"],
    ["not an OCID", () => "here", "400 InvalidParameter"],
  ])("refuses %s", (_, compartmentId, expected) => {
    const service = new Service();
    const body = { compartmentId: compartmentId(service), displayName: "new", vaultType: "DEFAULT" } as const;
    expect(verdict(service.ask("createVault", { body }))).toBe(expected);
  });

  test("messages name the field in words", () => {
    const service = new Service();
    const body = { compartmentId: service.compartment, displayName: "", vaultType: "DEFAULT" } as const;
    expect(service.ask("createVault", { body }).json.message).toMatch(/^displayName: .*\bcharacter/);
  });
});

describe("retry tokens", () => {
  const create = (
    service: Service,
    opcRetryToken: string,
    displayName = "new",
    profile = service.mine,
  ): ServiceAnswer =>
    service.ask(
      "createVault",
      { body: { compartmentId: service.compartment, displayName, vaultType: "DEFAULT" }, opcRetryToken },
      { profile },
    );

  test("the same request again is the same vault, once", () => {
    const service = new Service();
    const first = create(service, "token-1");
    service.pass(23 * 3_600_000);
    const again = create(service, "token-1");
    expect(again.json).toEqual(first.json);
    expect(again.headers.etag).toBe(first.headers.etag);
    expect(again.headers["opc-request-id"]).not.toBe(first.headers["opc-request-id"]);
    expect(service.ask("listVaults", { compartmentId: service.compartment }).json).toHaveLength(1);
  });

  test("after 24 hours, with another token or as another caller it is a new request", () => {
    const service = new Service();
    const first = create(service, "token-1");
    expect(create(service, "token-2").json.id).not.toBe(first.json.id);
    service.pass(dayMs + 1000);
    expect(create(service, "token-1").json.id).not.toBe(first.json.id);
    expect(create(service, "token-1", "new", service.stranger).status).toBe(404);
  });

  test("another body is 400", () => {
    const service = new Service();
    create(service, "token-1");
    expect(verdict(create(service, "token-1", "other"))).toBe("400 InvalidParameter");
  });

  test("a token whose vault is gone is 409 InvalidatedRetryToken", () => {
    const service = new Service();
    const { json } = create(service, "token-1");
    service.world.remove("vault", json.id);
    service.world.commit();
    expect(verdict(create(service, "token-1"))).toBe("409 InvalidatedRetryToken");
  });

  test("a refused request leaves no trace on its token", () => {
    const service = new Service();
    expect(create(service, "token-1", "").status).toBe(400);
    expect(create(service, "token-1").status).toBe(200);
  });

  test.each([
    ["", 400],
    ["x".repeat(64), 200],
    ["x".repeat(65), 400],
  ])("a token of %j is answered %i", (token, status) => {
    expect(create(new Service(), token).status).toBe(status);
  });

  test("guards actions too: the second schedule replays although the state has moved on", () => {
    const service = new Service();
    const { id: vaultId } = service.addVault();
    const first = service.ask("scheduleVaultDeletion", { vaultId, opcRetryToken: "t" });
    service.pass();
    const again = service.ask("scheduleVaultDeletion", { vaultId, opcRetryToken: "t" });
    expect(again.json).toEqual(first.json);
    expect(verdict(service.ask("scheduleVaultDeletion", { vaultId, opcRetryToken: "u" }))).toBe("409 IncorrectState");
  });
});
