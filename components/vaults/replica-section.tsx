"use client";

import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { StatusBadge } from "#components/ui/badge.tsx";
import { Button, TextLink } from "#components/ui/button.tsx";
import { Section } from "#components/ui/card.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Tone } from "#components/ui/tone.ts";
import { ApiError } from "#lib/browser/api.ts";
import { listVaultReplicasQuery, type VaultPlaceId } from "#lib/browser/vault.ts";
import type { Vault, VaultReplicaSummary } from "#lib/contract/models.ts";
import { replicaSentence } from "#lib/vault/sentences.ts";
import { MaskedText } from "./masked.tsx";
import { vaultHref } from "./vault-href.ts";
import type { VaultReading } from "./vault-reading.ts";

interface ReplicaSectionProps {
  place: VaultPlaceId;
  vault: Vault;
  known: VaultReading;
}

/**
 * The vault's other place. Asking for replicas spends the tenancy's write budget: it is done by itself only when there
 * is one, else on demand.
 */
export function ReplicaSection({ place, vault, known }: ReplicaSectionProps) {
  const [isWanted, setIsWanted] = useState(false);
  if (known.isReplica) return <ReplicaOf place={place} known={known} />;
  const isThere = vault.replicaDetails?.replicationId != null || known.otherRegions.length > 0;
  return (
    <Section title="Replica" {...(isThere ? { description: replicaSentence } : {})}>
      {isThere || isWanted ? (
        <ReplicaStatus place={place} />
      ) : (
        <div className="space-y-3 text-sm">
          <p className="text-muted">
            {vault.isVaultReplicable === false
              ? "None. This vault cannot be replicated."
              : "None, as far as the vault's own facts tell."}
          </p>
          <Button size="sm" onClick={() => setIsWanted(true)}>
            Ask the service for replicas
          </Button>
        </div>
      )}
    </Section>
  );
}

function ReplicaOf({ place, known }: { place: VaultPlaceId; known: VaultReading }) {
  const [source] = known.otherRegions;
  return (
    <Section title="Source" description={replicaSentence}>
      <p className="text-sm">
        {source === undefined ? (
          <span className="text-muted">The source is not among the vaults that were read.</span>
        ) : (
          <>
            The source is in <TextLink href={vaultHref({ region: source, id: place.vaultId })}>{source}</TextLink>.
            Everything but cryptography is done there.
          </>
        )}
      </p>
    </Section>
  );
}

function ReplicaStatus({ place }: { place: VaultPlaceId }) {
  const replicas = useQuery(listVaultReplicasQuery(place));
  if (replicas.data === undefined && replicas.error !== null) {
    const refusal = replicas.error instanceof ApiError ? replicas.error : null;
    return (
      <ErrorBlock
        title="The replicas could not be read"
        why={refusal?.message}
        code={refusal?.code}
        requestId={refusal?.requestId}
        onRetry={() => void replicas.refetch()}
        retrying={replicas.isFetching}
      />
    );
  }
  if (replicas.data === undefined) {
    return (
      <div aria-busy="true" className="space-y-3">
        <Skeleton className="w-1/2" />
        <Skeleton className="w-3/4" />
        <Skeleton className="w-3/4" />
      </div>
    );
  }
  const list = replicas.data.body;
  return (
    <div className="space-y-4">
      {list.length === 0 ? <p className="text-sm text-muted">The service lists no replica.</p> : null}
      {list.map((replica) => (
        <OneReplica key={replica.region ?? ""} replica={replica} vaultId={place.vaultId} />
      ))}
      <Button
        size="sm"
        variant="ghost"
        icon={<RefreshCw aria-hidden="true" />}
        loading={replicas.isFetching}
        onClick={() => void replicas.refetch()}
        className="-ml-2"
      >
        Ask again
      </Button>
    </div>
  );
}

const statusLooks: Record<string, readonly [label: string, tone: Tone, isMoving: boolean]> = {
  CREATING: ["Being created", "pending", true],
  CREATED: ["In place", "ok", false],
  DELETING: ["Being deleted", "danger", true],
  DELETED: ["Deleted", "neutral", false],
};

function OneReplica({ replica, vaultId }: { replica: VaultReplicaSummary; vaultId: string }) {
  const status = replica.status ?? "";
  const [label, tone, isMoving] = statusLooks[status] ?? [status || "Status not given", "neutral", false];
  const { region } = replica;
  return (
    <Facts columns={1}>
      <Fact name="Region">
        <span className="flex flex-wrap items-center gap-2">
          {region == null ? "Not given" : <TextLink href={vaultHref({ region, id: vaultId })}>{region}</TextLink>}
          <StatusBadge tone={tone} isMoving={isMoving}>
            {label}
          </StatusBadge>
        </span>
      </Fact>
      <Fact name="Cryptographic endpoint">
        {replica.cryptoEndpoint ? <MaskedText text={replica.cryptoEndpoint} what="cryptographic endpoint" /> : null}
      </Fact>
      <Fact name="Management endpoint">
        {replica.managementEndpoint ? (
          <MaskedText text={replica.managementEndpoint} what="management endpoint" />
        ) : null}
      </Fact>
    </Facts>
  );
}
