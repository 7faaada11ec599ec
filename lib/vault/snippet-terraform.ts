/**
 * A recorded change as Terraform, where Oracle's provider has it: `oci_kms_vault` (create, name, tags, compartment, deletion
 * date, restore from a bucket) and `oci_kms_vault_replication`. Pure.
 */

/** The configuration, or null for what the provider cannot do (backup, cancel, restore of an uploaded file). */
export function terraformSnippet(operation: string, params: Readonly<Record<string, unknown>>): string | null {
  const vaultId = String(params.vaultId ?? "");
  const body = (params.body ?? {}) as Record<string, unknown>;
  switch (operation) {
    case "createVault":
      return resource("oci_kms_vault", "vault", vaultArguments(body));
    case "updateVault":
    case "changeVaultCompartment":
    case "scheduleVaultDeletion":
      return `# Once: terraform import oci_kms_vault.vault ${vaultId}\n# Then in its configuration:\n${resource(
        "oci_kms_vault",
        "vault",
        [...vaultArguments(body), "# … the vault's other arguments as they are"],
      )}`;
    case "restoreVaultFromObjectStore":
      return resource("oci_kms_vault", "vault", [
        `compartment_id = ${quote(String(params.compartmentId ?? ""))}`,
        "# display_name and vault_type have to be given; the backup decides both",
        'display_name = "restored"',
        'vault_type = "VIRTUAL_PRIVATE"',
        "restore_trigger = true",
        ...restoreBlock((body.backupLocation ?? {}) as Record<string, unknown>),
      ]);
    case "createVaultReplica":
      return resource("oci_kms_vault_replication", "replica", [
        `vault_id = ${quote(vaultId)}`,
        `replica_region = ${quote(String(body.replicaRegion ?? ""))}`,
      ]);
    case "deleteVaultReplica":
      return `# Remove this block and apply:\n${resource("oci_kms_vault_replication", "replica", [
        `vault_id = ${quote(vaultId)}`,
        `replica_region = ${quote(String(body.replicaRegion ?? ""))}`,
      ])}`;
    default:
      return null;
  }
}

function vaultArguments(body: Readonly<Record<string, unknown>>): string[] {
  const lines: string[] = [];
  const text = (name: string, value: unknown) => {
    if (typeof value === "string") lines.push(`${name} = ${quote(value)}`);
  };
  text("compartment_id", body.compartmentId);
  text("display_name", body.displayName);
  text("vault_type", body.vaultType);
  text("time_of_deletion", body.timeOfDeletion);
  if (body.freeformTags != null) lines.push(...map("freeform_tags", body.freeformTags as Record<string, unknown>));
  if (body.definedTags != null) lines.push(...map("defined_tags", dotted(body.definedTags)));
  const external = body.externalKeyManagerMetadata as Record<string, unknown> | undefined;
  if (external != null) {
    const oauth = (external.oauthMetadata ?? {}) as Record<string, unknown>;
    lines.push(
      "external_key_manager_metadata {",
      `  external_vault_endpoint_url = ${quote(String(external.externalVaultEndpointUrl ?? ""))}`,
      `  private_endpoint_id = ${quote(String(external.privateEndpointId ?? ""))}`,
      "  oauth_metadata {",
      `    client_app_id = ${quote(String(oauth.clientAppId ?? ""))}`,
      "    client_app_secret = var.client_app_secret",
      `    idcs_account_name_url = ${quote(String(oauth.idcsAccountNameUrl ?? ""))}`,
      "  }",
      "}",
    );
  }
  return lines;
}

function restoreBlock(location: Readonly<Record<string, unknown>>): string[] {
  const names = { destination: "destination", namespace: "namespace", bucketName: "bucket", objectName: "object" };
  const lines = Object.entries(names).flatMap(([wire, name]) => {
    const value = location[wire];
    return typeof value === "string" ? [`  ${name} = ${quote(value)}`] : [];
  });
  // The address is a secret: whoever has it can read the backup.
  if (location.uri !== undefined) lines.push("  uri = var.backup_uri");
  return ["restore_from_object_store {", ...lines, "}"];
}

/** Defined tags are one map in Terraform: `"Namespace.key" = "value"`. */
function dotted(tags: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tags as Record<string, Record<string, unknown>>).flatMap(([namespace, keys]) =>
      Object.entries(keys).map(([key, value]) => [`${namespace}.${key}`, value]),
    ),
  );
}

function map(name: string, entries: Readonly<Record<string, unknown>>): string[] {
  const inner = Object.entries(entries).map(([key, value]) => `  ${quote(key)} = ${quote(String(value))}`);
  return inner.length === 0 ? [`${name} = {}`] : [`${name} = {`, ...inner, "}"];
}

function resource(type: string, name: string, lines: readonly string[]): string {
  return `resource "${type}" "${name}" {\n${lines.map((line) => `  ${line}`).join("\n")}\n}`;
}

/** A quoted template in which nothing is interpolated. */
function quote(text: string): string {
  return JSON.stringify(text).replace(/[$%](?=\{)/g, (mark) => mark + mark);
}
