"use client";

import type { ReactNode } from "react";
import { useNow } from "#components/ui/clock.ts";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { type Answer, serverNow } from "#lib/browser/api.ts";
import { useGuardRails } from "#lib/browser/session.ts";
import type { VaultPlaceId } from "#lib/browser/vault.ts";
import type { Vault } from "#lib/contract/models.ts";
import type { VaultFacts } from "#lib/vault/actions.ts";
import { minimumWait, railRefusals, railSubjectOf } from "#lib/vault/rails.ts";
import { factsOfVault } from "./actions-section.tsx";
import { vaultHref } from "./vault-href.ts";
import { useVaultReading } from "./vault-reading.ts";
import { VaultUnread } from "./vault-unread.tsx";

/** What a page about one action on a vault needs to know of it. */
export interface VaultRead {
  readonly place: VaultPlaceId;
  readonly looked: Answer<Vault>;
  readonly facts: VaultFacts;
  /** The wait a guard rail wants before a deletion, days, and its name; null when none wants more than the service. */
  readonly longWait: { readonly days: number; readonly rail: string } | null;
  readonly otherRegions: readonly string[];
  readonly compartmentPath: string;
  readonly vaultHref: string;
}

interface VaultFrameProps {
  region: string;
  vaultId: string;
  children: (read: VaultRead) => ReactNode;
}

/** Reads the vault for a page about one action on it; until it is there, and when it cannot be read, the frame speaks. */
export function VaultFrame({ region, vaultId, children }: VaultFrameProps) {
  const known = useVaultReading(region, vaultId, { isPolled: false });
  const { reading, tenancy } = known;
  const guardRails = useGuardRails();
  const now = useNow(60_000);
  if (reading === null && known.error !== null)
    return <VaultUnread region={region} vaultId={vaultId} known={known} error={known.error} />;
  if (reading === null || tenancy === null) {
    return (
      <Page>
        <PageHeader
          crumbs={[{ label: "Vaults", href: "/vaults" }]}
          title={<Skeleton className="my-0.75 h-5 w-72" />}
          description={
            <span className="flex h-5 items-center">
              <Skeleton className="w-96 max-w-full" />
            </span>
          }
        />
        <div aria-busy="true" className="h-96 rounded-lg border border-line bg-surface p-4">
          <Skeleton className="h-5 w-32" />
        </div>
      </Page>
    );
  }
  const subject = railSubjectOf(reading.body, { tenancy, region }, known.lineage);
  return children({
    place: { tenancy, region, vaultId },
    looked: reading,
    facts: factsOfVault(reading.body, known, railRefusals(guardRails, subject, now ?? serverNow())),
    longWait: minimumWait(guardRails, subject),
    otherRegions: known.otherRegions,
    compartmentPath: known.compartmentPath ?? reading.body.compartmentId,
    vaultHref: vaultHref({ region, id: vaultId }),
  });
}
