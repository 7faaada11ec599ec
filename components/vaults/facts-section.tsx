"use client";

import { Section } from "#components/ui/card.tsx";
import { CopyText } from "#components/ui/copy-text.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import type { Vault } from "#lib/contract/models.ts";
import { stateFacts, typeLabel } from "#lib/vault/lifecycle.ts";
import { nameWarnings } from "#lib/vault/names.ts";
import { isMasked, MaskedText } from "./masked.tsx";
import { RevealButton } from "./reveal-button.tsx";
import type { VaultReading } from "./vault-reading.ts";

interface FactsSectionProps {
  vault: Vault;
  known: VaultReading;
  region: string;
}

/** Everything GetVault says, in the service's nouns and order. */
export function FactsSection({ vault, known, region }: FactsSectionProps) {
  const warnings = nameWarnings(vault.displayName);
  return (
    <Section
      title="Vault information"
      actions={
        isMasked(vault) ? (
          <RevealButton place={{ tenancy: known.tenancy ?? "", region, vaultId: vault.id }} name={vault.displayName} />
        ) : null
      }
    >
      <Facts>
        <Fact name="Name" note={warnings.length > 0 ? warnings.join(" ") : undefined}>
          <bdi>{vault.displayName}</bdi>
        </Fact>
        <Fact name="Compartment">
          {known.compartmentPath === null ? null : <bdi className="block">{known.compartmentPath}</bdi>}
          <CopyText text={vault.compartmentId} what="compartment OCID" className="text-muted" />
        </Fact>
        <Fact name="OCID" wide>
          <CopyText text={vault.id} what="OCID" full className="break-all" />
        </Fact>
        <Fact name="Lifecycle state">
          {stateFacts(vault.lifecycleState).label} <span className="code text-faint">{vault.lifecycleState}</span>
        </Fact>
        <Fact name="Vault type">
          {typeLabel(vault.vaultType)} <span className="code text-faint">{vault.vaultType}</span>
        </Fact>
        <Fact name="Time created">
          <TimeText time={vault.timeCreated} />
        </Fact>
        <Fact name="Time of deletion">
          {vault.timeOfDeletion == null ? null : <TimeText time={vault.timeOfDeletion} precise />}
        </Fact>
        <Fact name="Region">{region}</Fact>
        <Fact name="Tenancy">
          {known.tenancyName === null ? null : <bdi className="block">{known.tenancyName}</bdi>}
          <CopyText text={known.tenancy ?? ""} what="tenancy OCID" className="text-muted" />
        </Fact>
        <Fact name="Cryptographic endpoint" wide>
          <MaskedText text={vault.cryptoEndpoint} what="cryptographic endpoint" full />
        </Fact>
        <Fact name="Management endpoint" wide>
          <MaskedText text={vault.managementEndpoint} what="management endpoint" full />
        </Fact>
        <Fact name="Wrapping key">
          {vault.wrappingkeyId ? <CopyText text={vault.wrappingkeyId} what="wrapping key OCID" /> : null}
        </Fact>
        <Fact name="Restored from vault">
          {vault.restoredFromVaultId ? (
            <CopyText text={vault.restoredFromVaultId} what="OCID of the vault it was restored from" />
          ) : null}
        </Fact>
        <Fact name="Primary">{yesNo(vault.isPrimary, "Yes: this is the source", "No: this is a replica")}</Fact>
        <Fact name="Replicable">{yesNo(vault.isVaultReplicable, "Yes", "No")}</Fact>
        <Fact name="Replication">
          {vault.replicaDetails?.replicationId ? (
            <CopyText text={vault.replicaDetails.replicationId} what="replication id" />
          ) : null}
        </Fact>
        <ExternalFacts vault={vault} />
      </Facts>
    </Section>
  );
}

function yesNo(value: boolean | null | undefined, yes: string, no: string): string {
  if (value == null) return "The service does not say";
  return value ? yes : no;
}

/** Where an external vault's keys really are. */
function ExternalFacts({ vault }: { vault: Vault }) {
  const manager = vault.externalKeyManagerMetadataSummary;
  if (manager == null) return null;
  return (
    <>
      <Fact name="External key manager" wide>
        <MaskedText text={manager.externalVaultEndpointUrl} what="external vault endpoint" full />
      </Fact>
      <Fact name="Vendor">{manager.vendor}</Fact>
      <Fact name="Private endpoint">
        <MaskedText text={manager.privateEndpointId} what="private endpoint id" />
      </Fact>
      <Fact name="Identity domain">
        <MaskedText text={manager.oauthMetadataSummary?.idcsAccountNameUrl ?? ""} what="identity domain URL" />
      </Fact>
      <Fact name="Client application">
        <MaskedText text={manager.oauthMetadataSummary?.clientAppId ?? ""} what="client application id" />
      </Fact>
    </>
  );
}
