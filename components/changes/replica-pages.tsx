"use client";

import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Section } from "#components/ui/card.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Select } from "#components/ui/select.tsx";
import { listVaultReplicasQuery, readReplicas } from "#lib/browser/vault.ts";
import { ocidPattern } from "#lib/contract/models.ts";
import { stateFacts } from "#lib/vault/lifecycle.ts";
import { ChangePage, type ChangeProps } from "./change-page.tsx";
import { SlotsNotice, useRoom } from "./slots-notice.tsx";

/**
 * Making the one replica a vault can have. A replica in another region is on the way there: delete it, wait, come back; the
 * region chosen is kept in the addresses (`then`, `to`).
 */
export function CreateReplicaPage({
  regions,
  existing: listed,
  ...change
}: ChangeProps & { regions: readonly string[]; existing: string | null }) {
  const vault = change.looked.body;
  const [region, setRegion] = useState(useSearchParams().get("to") ?? "");
  const isExternal = vault.vaultType === "EXTERNAL";
  const [manager, setManager] = useState({
    privateEndpointId: "",
    idcsAccountNameUrl: vault.externalKeyManagerMetadataSummary?.oauthMetadataSummary?.idcsAccountNameUrl ?? "",
  });
  const others = regions.filter((each) => each !== change.place.region);
  // The list may still show a replica that has just been deleted.
  const existing = vault.replicaDetails?.replicationId == null ? null : listed;
  const room = useRoom({ tenancy: change.place.tenancy, region, vaultType: vault.vaultType });
  const problem =
    existing !== null && (region === "" || region === existing)
      ? `The vault has its replica in ${existing} already. Choose another region to move it there.`
      : existing !== null
        ? `The replica in ${existing} has to be deleted first.`
        : others.length === 0
          ? "The tenancy is subscribed to no other region."
          : region === ""
            ? "Choose the region of the replica."
            : isExternal
              ? managerProblem(manager)
              : room.verdict.isAllowed
                ? null
                : room.verdict.reason;
  return (
    <ChangePage
      {...change}
      action="createVaultReplica"
      title={
        <>
          Replicate “<bdi>{vault.displayName}</bdi>” to another region?
        </>
      }
      description={`The source stays in ${change.place.region}.`}
      fields={
        <Section title="Where to">
          <Select
            label="Region of the replica"
            help="Regions the tenancy is subscribed to."
            value={region}
            onChange={setRegion}
            options={[{ value: "", label: "Choose a region" }, ...others.map((each) => ({ value: each, label: each }))]}
          />
          {existing === null || region === "" || region === existing ? null : (
            <Callout
              tone="info"
              title="A vault has one replica"
              className="mt-4"
              action={
                <ButtonLink href={`${change.vaultHref}/delete-replica?then=${encodeURIComponent(region)}`}>
                  1. Delete the replica in {existing}
                </ButtonLink>
              }
            >
              Delete the one in {existing}, wait until it is gone, then create the one in {region}. Between the two, the
              vault has no replica.
            </Callout>
          )}
          {existing === null && region !== "" ? (
            <div className="mt-4">
              <SlotsNotice room={room} />
            </div>
          ) : null}
          {isExternal ? <ReplicaManager manager={manager} onChange={setManager} region={region} /> : null}
        </Section>
      }
      effects={[
        "The vault and its keys are copied and kept in step; vault and keys have the same OCIDs in both regions.",
        "In the replica's region keys can be used, but nothing can be created, changed or backed up there.",
        "The replica counts against the limits of its region, and is billed.",
        "Deleting the source deletes the replica too. To stop replicating, delete the replica.",
        "The service itself needs a policy that lets it manage vaults for you.",
      ]}
      submitLabel={region === "" ? "Create replica" : `Create replica in ${region}`}
      keepLabel="Keep one region"
      problem={problem}
      intentOn={(looked) => ({
        operation: "createVaultReplica",
        place: change.place,
        etag: looked.etag,
        body: {
          replicaRegion: region,
          ...(isExternal
            ? {
                replicaVaultMetadata: {
                  vaultType: "EXTERNAL" as const,
                  privateEndpointId: manager.privateEndpointId.trim(),
                  idcsAccountNameUrl: manager.idcsAccountNameUrl.trim(),
                },
              }
            : {}),
        },
        isApplied: (now) => now.replicaDetails?.replicationId != null,
        isSettled: (now) => now.replicaDetails?.replicationId != null && !stateFacts(now.lifecycleState).isTransient,
        // The vault names its replica as soon as it is being made.
        isFinished: async () =>
          (await readReplicas(change.place)).some((each) => each.region === region && each.status === "CREATED"),
      })}
    />
  );
}

interface Manager {
  readonly privateEndpointId: string;
  readonly idcsAccountNameUrl: string;
}

function managerProblem({ privateEndpointId, idcsAccountNameUrl }: Manager): string | null {
  if (!ocidPattern.test(privateEndpointId.trim()))
    return "Give the OCID of the private endpoint in the replica's region.";
  return /^https?:\/\/\S+$/.test(idcsAccountNameUrl.trim()) ? null : "Give the URL of the identity domain.";
}

interface ReplicaManagerProps {
  manager: Manager;
  onChange: (manager: Manager) => void;
  region: string;
}

/** How the replica of an external vault reaches its key manager (ReplicaExternalVaultMetadata). */
function ReplicaManager({ manager, onChange, region }: ReplicaManagerProps) {
  const field = (name: keyof Manager, label: string, help: string) => (
    <TextField
      label={label}
      help={help}
      mono
      required
      autoComplete="off"
      spellCheck={false}
      value={manager[name]}
      onChange={(event) => onChange({ ...manager, [name]: event.target.value })}
    />
  );
  return (
    <div className="mt-4 space-y-4">
      {field(
        "privateEndpointId",
        "Private endpoint OCID",
        `The one in ${region === "" ? "the replica's region" : region} through which the key manager is reached.`,
      )}
      {field("idcsAccountNameUrl", "Identity domain URL", "Where the service gets its token for the key manager.")}
    </div>
  );
}

/** Deleting a replica: the region is typed, because programs there lose their keys. */
export function DeleteReplicaPage({ existing: listed, ...change }: ChangeProps & { existing: string | null }) {
  const vault = change.looked.body;
  const [typed, setTyped] = useState("");
  // A replica that is newer than the list: the service is asked, once.
  const replicas = useQuery({ ...listVaultReplicasQuery(change.place), enabled: listed === null });
  const next = useSearchParams().get("then");
  const existing = listed ?? replicas.data?.body.find(({ status }) => status !== "DELETED")?.region ?? null;
  const region = existing ?? "";
  return (
    <ChangePage
      {...change}
      action="deleteVaultReplica"
      title={
        <>
          Delete the replica of “<bdi>{vault.displayName}</bdi>”{existing === null ? "" : ` in ${existing}`}?
        </>
      }
      description={`The source in ${change.place.region} stays as it is.`}
      fields={
        <Section title="Confirm">
          <TextField
            label="Type the replica's region to confirm"
            help={existing === null ? unknownReplica(replicas) : `Exactly as it is: ${existing}`}
            mono
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Section>
      }
      effects={[
        `Programs that use the keys in ${existing ?? "the replica's region"} can no longer do so.`,
        "The vault and its keys in the source region are not touched.",
        "A replica can be made again, in this or another region.",
      ]}
      afterwards={(phase) =>
        next === null ? null : phase.kind === "confirmed" ? (
          <ButtonLink href={`${change.vaultHref}/create-replica?to=${encodeURIComponent(next)}`}>
            2. Create the replica in {next}
          </ButtonLink>
        ) : (
          <p className="text-sm text-muted">Once it is gone, the replica in {next} can be created.</p>
        )
      }
      submitLabel={existing === null ? "Delete replica" : `Delete replica in ${existing}`}
      keepLabel="Keep the replica"
      tone="danger"
      problem={
        existing === null ? unknownReplica(replicas) : typed.trim() === region ? null : "Type the replica's region."
      }
      intentOn={(looked) => ({
        operation: "deleteVaultReplica",
        place: change.place,
        etag: looked.etag,
        body: { replicaRegion: region },
        isApplied: (now) => now.replicaDetails?.replicationId == null,
        isSettled: (now) => !stateFacts(now.lifecycleState).isTransient,
        isFinished: async () =>
          (await readReplicas(change.place)).every((each) => each.region !== region || each.status === "DELETED"),
      })}
    />
  );
}

function unknownReplica({ isPending, error }: { isPending: boolean; error: Error | null }): string {
  if (error !== null) return `The region of the replica could not be looked up. ${error.message}`;
  return isPending ? "The region of the replica is being looked up." : "The service lists no replica of the vault.";
}
