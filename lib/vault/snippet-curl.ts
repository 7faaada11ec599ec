/**
 * A recorded call for curl: the signature is made by openssl on the way, from a key that stays in its file. Needs nothing
 * but a POSIX shell. The signed headers are those of the contract, section 4. Pure.
 */
import type { WireRequest } from "#lib/contract/request.ts";

/** A script; the four things of the API key are asked of the environment, never written down. `file` names a body of bytes. */
export function curlSnippet(
  wire: Pick<WireRequest, "method" | "target" | "headers" | "body">,
  region: string,
  file?: string,
): string {
  const host = `kms.${region}.oraclecloud.com`;
  const hasBody = wire.method === "POST" || wire.method === "PUT";
  const body = typeof wire.body === "string" ? wire.body : "";
  const given = file === undefined ? 'printf %s "$body"' : 'cat "$file"';
  const type = file === undefined ? "application/json" : "application/octet-stream";
  const ifMatch = wire.headers["if-match"];
  const names = [
    "(request-target)",
    "host",
    "date",
    ...(hasBody ? ["x-content-sha256", "content-type", "content-length"] : []),
  ];
  return [
    "# Set OCI_TENANCY, OCI_USER, OCI_FINGERPRINT and OCI_KEY_FILE first.",
    `host=${shellQuote(host)}`,
    `target=${shellQuote(wire.target)}`,
    "date=$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')",
    ...(hasBody
      ? [
          ...(file === undefined ? [`body=${shellQuote(body)}`] : [`file=${shellQuote(file)}`]),
          `digest=$(${given} | openssl dgst -sha256 -binary | openssl base64 -A)`,
          ...(file === undefined ? [] : [`md5=$(${given} | openssl dgst -md5 -binary | openssl base64 -A)`]),
          `length=$(${given} | wc -c | tr -d ' ')`,
        ]
      : []),
    `signature=$(printf '(request-target): ${wire.method.toLowerCase()} %s\\nhost: %s\\ndate: %s${
      hasBody ? `\\nx-content-sha256: %s\\ncontent-type: ${type}\\ncontent-length: %s` : ""
    }' "$target" "$host" "$date"${hasBody ? ' "$digest" "$length"' : ""} |`,
    '  openssl dgst -sha256 -sign "$OCI_KEY_FILE" | openssl base64 -A)',
    `curl --request ${wire.method} "https://$host$target" \\`,
    '  --header "date: $date" \\',
    ...(hasBody
      ? [
          '  --header "x-content-sha256: $digest" \\',
          `  --header 'content-type: ${type}' \\`,
          ...(file === undefined
            ? ['  --data-binary "$body" \\']
            : ['  --header "content-md5: $md5" \\', '  --data-binary "@$file" \\']),
        ]
      : []),
    ...(ifMatch === undefined ? [] : [`  --header ${shellQuote(`if-match: ${ifMatch}`)} \\`]),
    `  --header "authorization: Signature version=\\"1\\",keyId=\\"$OCI_TENANCY/$OCI_USER/$OCI_FINGERPRINT\\",algorithm=\\"rsa-sha256\\",headers=\\"${names.join(" ")}\\",signature=\\"$signature\\""`,
  ].join("\n");
}

/** One word for a POSIX shell, whatever is in it. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
