"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { buttonClass } from "#components/ui/button.tsx";
import { Section } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { TextField } from "#components/ui/field.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { ApiError, serverNow } from "#lib/browser/api.ts";
import { backupObjectQuery, bucketsQuery, objectHref } from "#lib/browser/storage.ts";
import type { BackupLocation } from "#lib/contract/models.ts";
import { backedUp } from "#lib/vault/outcomes.ts";
import { ChangePage, type ChangeProps, type DonePhase } from "./change-page.tsx";
import type { CompartmentChoice } from "./move-page.tsx";

type Destination = "BUCKET" | "PRE_AUTHENTICATED_REQUEST_URI";

/** Backing a virtual private vault up into a bucket of its region, or to a pre-authenticated URL. */
export function BackupPage({ compartments, ...change }: ChangeProps & { compartments: readonly CompartmentChoice[] }) {
  const { place, looked } = change;
  const vault = looked.body;
  const [destination, setDestination] = useState<Destination>("BUCKET");
  const [compartment, setCompartment] = useState(vault.compartmentId);
  const [bucket, setBucket] = useState("");
  const [objectName, setObjectName] = useState(() => suggestName(vault.displayName));
  const [uri, setUri] = useState("");
  const [includesKeys, setIncludesKeys] = useState(true);
  const buckets = useQuery({
    ...bucketsQuery({ ...place, compartmentId: compartment }),
    enabled: destination === "BUCKET",
  });
  const namespace = buckets.data?.namespace ?? "";
  const location: BackupLocation =
    destination === "BUCKET"
      ? { destination, namespace, bucketName: bucket, objectName }
      : { destination, uri: uri.trim() };
  const problem =
    destination === "BUCKET"
      ? bucket === ""
        ? "Choose the bucket the backup goes to."
        : objectName.trim() === ""
          ? "The object needs a name."
          : null
      : /^https?:\/\/\S+$/.test(uri.trim())
        ? null
        : "Paste the whole pre-authenticated URL.";
  const error = buckets.error instanceof ApiError ? buckets.error : null;
  return (
    <ChangePage
      {...change}
      action="backupVault"
      title={
        <>
          Back up “<bdi>{vault.displayName}</bdi>”?
        </>
      }
      description={`In ${place.region}. The service writes the file; only the service can read it.`}
      fields={
        <Section title="Where to and what">
          <div className="space-y-4">
            <RadioCards<Destination>
              label="Destination"
              columns={2}
              value={destination}
              onChange={setDestination}
              options={[
                { value: "BUCKET", title: "A bucket", description: `In Object Storage of ${place.region}` },
                {
                  value: "PRE_AUTHENTICATED_REQUEST_URI",
                  title: "A pre-authenticated URL",
                  description: "Somebody gave you one that may write",
                },
              ]}
            />
            {destination === "BUCKET" ? (
              <>
                <Select
                  label="Compartment of the bucket"
                  value={compartment}
                  onChange={(id) => {
                    setCompartment(id);
                    setBucket("");
                  }}
                  options={compartments.map((each) => ({ value: each.id, label: each.path }))}
                />
                {error === null ? (
                  <Select
                    label="Bucket"
                    help={
                      buckets.isPending
                        ? "Reading the buckets…"
                        : buckets.data?.names.length === 0
                          ? "There is no bucket in this compartment."
                          : undefined
                    }
                    value={bucket}
                    onChange={setBucket}
                    options={[
                      { value: "", label: "Choose a bucket" },
                      ...(buckets.data?.names ?? []).map((name) => ({ value: name, label: name })),
                    ]}
                  />
                ) : (
                  <ErrorBlock
                    title="The buckets could not be read"
                    why={error.message}
                    requestId={error.requestId}
                    onRetry={() => void buckets.refetch()}
                  />
                )}
                <TextField
                  label="Object name"
                  mono
                  maxLength={1024}
                  value={objectName}
                  onChange={(event) => setObjectName(event.target.value)}
                />
              </>
            ) : (
              <TextField
                label="Pre-authenticated URL"
                help="It is a secret: whoever has it can write there. It is not kept in the receipt."
                mono
                autoComplete="off"
                spellCheck={false}
                value={uri}
                onChange={(event) => setUri(event.target.value)}
              />
            )}
            <Checkbox
              label="Include the keys"
              help={
                includesKeys
                  ? "HSM-protected keys, enabled or disabled. Software-protected keys never are."
                  : "Metadata of the vault only: from this backup no key can be brought back."
              }
              checked={includesKeys}
              onCheckedChange={setIncludesKeys}
            />
          </div>
        </Section>
      }
      effects={[
        "While the backup runs, most other changes of the vault are refused. Its keys can be used.",
        "The backup can be restored to this tenancy and compartment only, in any region you copy it to.",
        "Whoever can read the object cannot read the keys in it, but can restore it where they may.",
      ]}
      submitLabel={includesKeys ? "Back up vault and keys" : "Back up metadata only"}
      keepLabel="No backup now"
      problem={problem}
      intentOn={(on, reason) => ({
        operation: "backupVault",
        place,
        etag: on.etag,
        body: { backupLocation: location, isIncludeKeys: includesKeys },
        ...(reason === "" ? {} : { reason }),
        ...backedUp,
      })}
      afterwards={(phase) =>
        destination === "BUCKET" ? (
          <BackupObject
            phase={phase}
            tenancy={place.tenancy}
            region={place.region}
            namespace={namespace}
            bucket={bucket}
            objectName={objectName}
          />
        ) : null
      }
    />
  );
}

function suggestName(displayName: string): string {
  const plain = displayName
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80);
  return `${plain === "" ? "vault" : plain}-${new Date(serverNow()).toISOString().slice(0, 10)}.backup`;
}

interface BackupObjectProps {
  phase: DonePhase;
  tenancy: string;
  region: string;
  namespace: string;
  bucket: string;
  objectName: string;
}

/** The object the service wrote, read from the bucket: name, size, time, and its download. */
function BackupObject({ phase, ...where }: BackupObjectProps) {
  const found = useQuery({ ...backupObjectQuery(where), enabled: phase.kind === "confirmed" });
  if (phase.kind !== "confirmed") return null;
  if (found.isPending) return <Skeleton className="w-1/2" />;
  if (found.data == null) {
    return <p className="text-sm text-muted">The object is not in the bucket's list yet. {found.error?.message}</p>;
  }
  return (
    <div className="space-y-3">
      <Facts className="rounded-lg border border-line bg-surface p-4">
        <Fact name="Object" wide>
          <bdi>{found.data.name}</bdi> in {where.bucket}
        </Fact>
        <Fact name="Size">{found.data.size == null ? "Not told" : formatBytes(found.data.size)}</Fact>
        <Fact name="Written">
          {found.data.timeCreated == null ? "Not told" : <TimeText time={found.data.timeCreated} />}
        </Fact>
      </Facts>
      <a href={objectHref(where)} download className={buttonClass()}>
        <Download aria-hidden="true" />
        Download the backup file
      </a>
    </div>
  );
}
