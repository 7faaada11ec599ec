/** An outsider's judgement: every answer is held against the OpenAPI description, which no code of ours was made from. */
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { parse } from "yaml";

interface Described {
  readonly headers?: Record<string, unknown>;
  readonly content?: Record<string, { readonly schema?: unknown }>;
}
interface DescribedOperation {
  readonly operationId: string;
  readonly responses: Record<string, { readonly $ref?: string } & Described>;
}

const description = parse(readFileSync(new URL("../fixtures/contract/vault-api.yaml", import.meta.url), "utf8")) as {
  readonly paths: Record<string, Record<string, DescribedOperation>>;
  readonly components: { readonly responses: Record<string, Described> };
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
(formats as unknown as (target: Ajv2020) => void)(ajv);
ajv.addSchema(description, "api");

const described = new Map<string, DescribedOperation>();
for (const methods of Object.values(description.paths)) {
  for (const operation of Object.values(methods)) {
    if (typeof operation === "object" && "operationId" in operation) described.set(operation.operationId, operation);
  }
}
const validators = new Map<unknown, ValidateFunction>();

/** Headers that come with some answers only. */
const occasional = new Set(["opc-next-page", "opc-client-request-id", "retry-after", "content-length"]);
/** Answers HTTP needs and the description leaves out. */
const beyondDescription = new Set([206, 405, 416]);

export interface JudgedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Throws an Error that says where an answer departs from the description. `null`: a path that is no operation. */
export function judge(operationId: string | null, answer: JudgedAnswer): void {
  const fail = (words: string): never => {
    throw new Error(`${operationId} ${answer.status}: ${words}: ${Buffer.from(answer.body).toString().slice(0, 300)}`);
  };
  if (!answer.headers["opc-request-id"]) fail("has no opc-request-id");
  const operation = operationId === null ? undefined : described.get(operationId);
  if (operation === undefined || beyondDescription.has(answer.status)) {
    if (answer.status >= 400 && operationId !== "headObject") checkSchema("#/components/schemas/Error", answer, fail);
    return;
  }
  const found = operation.responses[String(answer.status)];
  const response: Described =
    found?.$ref === undefined
      ? (found ?? fail("is not a described status"))
      : (description.components.responses[found.$ref.split("/").at(-1) ?? ""] ?? fail("refers to nothing"));
  checkHeaders(response, answer, fail);
  const schema = response.content?.["application/json"]?.schema;
  if (operationId === "headObject") {
    if (answer.body.length > 0) fail("HEAD has a body");
  } else if (schema !== undefined) checkSchema(schema, answer, fail);
  else if (response.content === undefined && answer.body.length > 0) fail("has a body where none is described");
}

function checkHeaders(response: Described, answer: JudgedAnswer, fail: (words: string) => never): void {
  if (response.headers === undefined) return;
  const listed = Object.keys(response.headers);
  for (const name of listed) {
    if (!occasional.has(name) && answer.headers[name] === undefined) fail(`lacks header ${name}`);
  }
  for (const name of ["etag", "opc-next-page", "opc-work-request-id", "opc-content-md5"]) {
    if (answer.headers[name] !== undefined && !listed.includes(name))
      fail(`has header ${name}, which is not described`);
  }
}

function checkSchema(schema: unknown, answer: JudgedAnswer, fail: (words: string) => never): void {
  if (answer.headers["content-type"] !== "application/json") fail(`is ${answer.headers["content-type"]}, not JSON`);
  let validate = validators.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(typeof schema === "string" ? { $ref: `api${schema}` } : withBase(schema));
    validators.set(schema, validate);
  }
  const json: unknown = JSON.parse(Buffer.from(answer.body).toString());
  if (!validate(json)) fail(ajv.errorsText(validate.errors));
}

/** Local references of a part of the description, made to lead into the whole. */
function withBase(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"api#/')) as object;
}
