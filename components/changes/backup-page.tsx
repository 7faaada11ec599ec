"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { buttonClass } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Section } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { TextField } from "#components/ui/field.tsx";
import { formatBytes, formatTime } from "#components/ui/format.ts";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import { useRested } from "#components/ui/rested.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { serverNow } from "#lib/browser/api.ts";
import { backupObjectQuery, type ObjectScope, objectHref } from "#lib/browser/storage.ts";
import type { BackupLocation } from "#lib/contract/models.ts";
import { backedUp } from "#lib/vault/outcomes.ts";
import { BucketFields, noBucket } from "./bucket-fields.tsx";
import { ChangePage, type ChangeProps, type DonePhase } from "./change-page.tsx";
import type { CompartmentChoice } from "./compartment-field.tsx";

type Destination = "BUCKET" | "PRE_AUTHENTICATED_REQUEST_URI";

/** Backing a virtual private vault up into a bucket of its region, or to a pre-authenticated URL. */
export function BackupPage({ compartments, ...change }: ChangeProps & { compartments: readonly CompartmentChoice[] }) {
  const { place, looked } = change;
  const vault = looked.body;
  const [destination, setDestination] = useState<Destination>("BUCKET");
  const [choice, setChoice] = useState(noBucket);
  const [objectName, setObjectName] = useState(() => suggestName(vault.displayName));
  const [uri, setUri] = useState("");
  const [includesKeys, setIncludesKeys] = useState(true);
  const location: BackupLocation =
    destination === "BUCKET"
      ? { destination, namespace: choice.namespace, bucketName: choice.bucket, objectName: objectName.trim() }
      : { destination, uri: uri.trim() };
  const problem =
    destination === "BUCKET"
      ? choice.bucket === ""
        ? "Choose the bucket the backup goes to."
        : objectName.trim() === ""
          ? "The object needs a name."
          : null
      : /^https?:\/\/\S+$/.test(uri.trim())
        ? null
        : "Paste the whole pre-authenticated URL.";
  const target = {
    tenancy: place.tenancy,
    region: place.region,
    namespace: choice.namespace,
    bucket: choice.bucket,
    objectName: objectName.trim(),
  };
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
                <BucketFields
                  tenancy={place.tenancy}
                  region={place.region}
                  vaultCompartment={vault.compartmentId}
                  compartments={compartments}
                  choice={choice}
                  onChange={setChoice}
                />
                <TextField
                  label="Object name"
                  mono
                  maxLength={1024}
                  value={objectName}
                  onChange={(event) => setObjectName(event.target.value)}
                />
                <TakenName target={target} />
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
      intentOn={(on) => ({
        operation: "backupVault",
        place,
        etag: on.etag,
        body: { backupLocation: location, isIncludeKeys: includesKeys },
        ...backedUp,
      })}
      afterwards={(phase) => (destination === "BUCKET" ? <BackupObject phase={phase} target={target} /> : null)}
    />
  );
}

/** To the minute, so that two backups of a day are two objects. */
function suggestName(displayName: string): string {
  const plain = displayName
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80);
  return `${plain === "" ? "vault" : plain}-${new Date(serverNow()).toISOString().slice(0, 16).replace(":", "")}Z.backup`;
}

/** Said before anything is sent: an object of that name is there. */
function TakenName({ target }: { target: ObjectScope }) {
  const objectName = useRested(target.objectName);
  const found = useQuery({
    ...backupObjectQuery({ ...target, objectName }),
    enabled: target.bucket !== "" && objectName !== "",
    staleTime: 10_000,
  });
  if (found.data == null) return null;
  return (
    <Callout tone="warn" role="status" title="An object of this name is there already">
      {found.data.size == null ? "" : `${formatBytes(found.data.size)}, `}
      {found.data.timeCreated == null ? "" : `written ${formatTime(found.data.timeCreated)}. `}
      The backup may take its place; choose another name to keep both.
    </Callout>
  );
}

/** The object the service wrote, read from the bucket: name, size, time, and its download. */
function BackupObject({ phase, target }: { phase: DonePhase; target: ObjectScope }) {
  const isOver = phase.kind !== "submitted";
  const found = useQuery({
    ...backupObjectQuery(target),
    enabled: isOver,
    // The list of a bucket can be a moment behind what was written.
    refetchInterval: ({ state }) => (state.data === null ? 3000 : false),
  });
  if (!isOver) return null;
  if (found.isPending || (found.isFetching && found.data != null)) return <Skeleton className="w-1/2" />;
  if (found.data == null) {
    return <p className="text-sm text-muted">The object is not in the bucket's list yet. {found.error?.message}</p>;
  }
  return (
    <div className="space-y-3">
      <Facts className="rounded-lg border border-line bg-surface p-4">
        <Fact name="Object" wide>
          <bdi>{found.data.name}</bdi> in {target.bucket}, namespace {target.namespace}
        </Fact>
        <Fact name="Size">{found.data.size == null ? "Not told" : formatBytes(found.data.size)}</Fact>
        <Fact name="Written">
          {found.data.timeCreated == null ? "Not told" : <TimeText time={found.data.timeCreated} />}
        </Fact>
      </Facts>
      <a href={objectHref(target)} download className={buttonClass()}>
        <Download aria-hidden="true" />
        Download the backup file
      </a>
    </div>
  );
}
