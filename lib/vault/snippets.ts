/**
 * The same call by other means: OCI CLI (its raw request works for every operation), Terraform where the provider has it,
 * Oracle's TypeScript and Python SDKs, and curl.
 * Made from what a receipt keeps, which holds no secret; where one is needed a placeholder says so. Pure.
 */
import { type OperationName, operationNames, operationRow } from "#lib/contract/operations.ts";
import { encode } from "#lib/contract/request.ts";
import { curlSnippet, shellQuote } from "./snippet-curl.ts";
import { terraformSnippet } from "./snippet-terraform.ts";

export interface Snippet {
  readonly id: "cli" | "terraform" | "typescript" | "python" | "curl";
  readonly label: string;
  readonly text: string;
}

export interface RecordedCall {
  readonly operation: string;
  readonly region: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const redacted = "(not recorded)";
const placeholder = "REPLACE_ME";

/** Snippets for a recorded call; none for what is not in the operations table. */
export function snippetsOf(call: RecordedCall): readonly Snippet[] {
  const operation = operationNames.find((name) => name === call.operation);
  if (operation === undefined || operationRow(operation).service !== "kms") return [];
  const params = withoutRecordKeeping(call.params);
  if (operationRow(operation).body === "bytes") return fileSnippets(operation, params, call.region);
  const terraform = terraformSnippet(operation, params);
  return [
    { id: "cli", label: "OCI CLI", text: cliSnippet(operation, call.region, params) },
    ...(terraform === null ? [] : [{ id: "terraform" as const, label: "Terraform", text: terraform }]),
    { id: "typescript", label: "TypeScript SDK", text: typescriptSnippet(operation, call.region, params) },
    { id: "python", label: "Python SDK", text: pythonSnippet(operation, call.region, params) },
    { id: "curl", label: "curl", text: curlSnippet(encode({ operation, params }), call.region) },
  ];
}

/**
 * With a file as body. The CLI's raw request sends text only, Oracle's TypeScript client spoils binary bodies (contract,
 * finding 1), and the receipt holds no file: what is left is Python and curl.
 */
function fileSnippets(operation: OperationName, params: Record<string, unknown>, region: string): readonly Snippet[] {
  const { body: _, file: __, contentMd5, ...others } = params;
  const wire = encode({ operation, params: { ...others, body: new Uint8Array() } });
  const positional = Object.entries(others).map(([name, value]) => `    ${snake(name)}=${pythonLiteral(value)},`);
  const python = `${pythonClient(region)}
with open("vault.backup", "rb") as backup:
    answer = client.${snake(operation)}(
${[...positional, `    ${snake(bodyName(operation))}=backup,`, ...(typeof contentMd5 === "string" ? [`    content_md5=${pythonLiteral(contentMd5)},`] : [])].map((line) => `    ${line}`).join("\n")}
    )`;
  return [
    { id: "python", label: "Python SDK", text: python },
    { id: "curl", label: "curl", text: curlSnippet({ ...wire, body: undefined }, region, "vault.backup") },
  ];
}

/** Tokens and request ids belong to one call; left-out secrets become placeholders. */
function withoutRecordKeeping(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { opcRetryToken: _, opcRequestId: __, ...rest } = params;
  return JSON.parse(JSON.stringify(rest).replaceAll(JSON.stringify(redacted), JSON.stringify(placeholder))) as Record<
    string,
    unknown
  >;
}

function cliSnippet(operation: OperationName, region: string, params: Record<string, unknown>): string {
  const wire = encode({ operation, params });
  const lines = [
    "oci raw-request",
    `--region ${region}`,
    `--http-method ${wire.method}`,
    `--target-uri ${shellQuote(`https://kms.${region}.oraclecloud.com${wire.target}`)}`,
  ];
  const ifMatch = wire.headers["if-match"];
  if (ifMatch !== undefined) lines.push(`--request-headers ${shellQuote(JSON.stringify({ "if-match": ifMatch }))}`);
  if (typeof wire.body === "string") lines.push(`--request-body ${shellQuote(wire.body)}`);
  return lines.join(" \\\n  ");
}

/** The SDK calls the body after the operation: `scheduleVaultDeletionDetails`. */
function bodyName(operation: OperationName): string {
  return `${operation}Details`;
}

function typescriptSnippet(operation: OperationName, region: string, params: Record<string, unknown>): string {
  const { body, ...others } = params;
  const row = operationRow(operation);
  const request: Record<string, unknown> = { ...others };
  if (row.body !== null) request[bodyName(operation)] = body ?? {};
  const code = JSON.stringify(request, null, 2)
    .replace(/("timeOfDeletion": )("[^"]+")/, "$1new Date($2)")
    .replace(/^( {4}"vaultType": )("[A-Z_]+")/m, "$1$2 as models.CreateVaultDetails.VaultType");
  return `import { ConfigFileAuthenticationDetailsProvider } from "oci-common";
import { ${operation === "createVault" ? "KmsVaultClient, models" : "KmsVaultClient"} } from "oci-keymanagement";

const client = new KmsVaultClient({
  authenticationDetailsProvider: new ConfigFileAuthenticationDetailsProvider(),
});
client.regionId = ${JSON.stringify(region)};
const answer = await client.${operation}(${code});`;
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Python's SDK takes plain dictionaries for details by their wire names. */
function pythonSnippet(operation: OperationName, region: string, params: Record<string, unknown>): string {
  const { body, vaultId, ifMatch, ...others } = params;
  const row = operationRow(operation);
  const positional = [
    ...(typeof vaultId === "string" ? [pythonLiteral(vaultId)] : []),
    ...Object.entries(others).map(([name, value]) => `${snake(name)}=${pythonLiteral(value)}`),
  ];
  const named = row.body === null ? [] : [`${snake(bodyName(operation))}=${pythonLiteral(body ?? {})}`];
  if (typeof ifMatch === "string") named.push(`if_match=${pythonLiteral(ifMatch)}`);
  return `${pythonClient(region)}
answer = client.${snake(operation)}(
${[...positional, ...named].map((argument) => `    ${argument},`).join("\n")}
)`;
}

const pythonClient = (region: string) => `import oci

config = oci.config.from_file()
config["region"] = ${pythonLiteral(region)}
client = oci.key_management.KmsVaultClient(config)`;

function pythonLiteral(value: unknown): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null || value === undefined) return "None";
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pythonLiteral(item)}`);
    return `{${entries.join(", ")}}`;
  }
  return JSON.stringify(value);
}
