"use client";

import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { CopyButton } from "#components/ui/copy-text.tsx";
import { formatTime } from "#components/ui/format.ts";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ApiError } from "#lib/browser/api.ts";
import { useRevealed } from "#lib/browser/reveal.ts";
import { useRole } from "#lib/browser/session.ts";
import type { VaultPlaceId } from "#lib/browser/vault.ts";
import type { ConsoleRole, VaultRow } from "#lib/contract/api.ts";
import type { Vault } from "#lib/contract/models.ts";
import { hasDeletionDate, typeLabel } from "#lib/vault/lifecycle.ts";
import { stateSentence } from "#lib/vault/sentences.ts";
import { type ActionRules, useActionRules } from "./action-rules.ts";
import { ActionsSection, MainAction } from "./actions-section.tsx";
import { BackupsSection } from "./backups-section.tsx";
import { DeletionSection } from "./deletion-section.tsx";
import { FactsSection } from "./facts-section.tsx";
import { HowWeKnow } from "./how-we-know.tsx";
import { isMasked } from "./masked.tsx";
import { ReplicaSection } from "./replica-section.tsx";
import { StateBadge } from "./state-badge.tsx";
import { TagsSection } from "./tags-section.tsx";
import { ticketOfVault } from "./ticket.ts";
import { UsageSection } from "./usage-section.tsx";
import { useVaultReading, type VaultReading } from "./vault-reading.ts";
import { VaultUnread } from "./vault-unread.tsx";

export interface VaultPageProps {
  region: string;
  vaultId: string;
  /** Opens the dialog of an action that is confirmed in place. */
  openDialog: (action: "cancelVaultDeletion", vault: VaultRow) => void;
  /** What was done to it, from another room. */
  renderActivity?: (place: VaultPlaceId) => ReactNode;
}

/** One vault: what it is, what state it is in, what can be done, and how all this is known. */
export function VaultPage({ region, vaultId, openDialog, renderActivity }: VaultPageProps) {
  const known = useVaultReading(region, vaultId, { isPolled: true });
  const rules = useActionRules();
  const role = useRole();
  if (known.reading === null && known.error !== null)
    return <VaultUnread region={region} vaultId={vaultId} known={known} error={known.error} />;
  return (
    <Page>
      <VaultHeader known={known} vaultId={vaultId} region={region} rules={rules} role={role} openDialog={openDialog} />
      <ReadingNotice known={known} />
      {known.reading === null || known.tenancy === null ? (
        <SectionsSkeleton />
      ) : (
        <VaultSections
          known={known}
          vault={known.reading.body}
          rules={rules}
          role={role}
          region={region}
          openDialog={openDialog}
          renderActivity={renderActivity}
        />
      )}
    </Page>
  );
}

interface PartProps extends Pick<VaultPageProps, "region" | "openDialog"> {
  known: VaultReading;
  rules: ActionRules | null;
  role: ConsoleRole;
}

function VaultHeader({ known, vaultId, region, rules, role, openDialog }: PartProps & { vaultId: string }) {
  const vault = known.reading?.body ?? known.row;
  if (vault === null) {
    return (
      <PageHeader
        crumbs={[{ label: "Vaults", href: "/vaults" }]}
        title={<Skeleton className="my-0.75 h-5 w-64" />}
        description={
          <span className="flex h-5 items-center">
            <Skeleton className="w-96 max-w-full" />
          </span>
        }
        // Takes no room of its own but on narrow screens, where the buttons have a line to themselves.
        actions={<Skeleton className="h-8 w-40 sm:hidden" />}
      />
    );
  }
  const deletionDate = deletionDateOf(known);
  const canSave = rules?.judgeRole("cancelVaultDeletion", role).isAllowed ?? false;
  const sentence = stateSentence({
    lifecycleState: vault.lifecycleState,
    isReplica: known.isReplica,
    deletionDate,
    canSave,
  });
  return (
    <PageHeader
      crumbs={[{ label: "Vaults", href: "/vaults" }]}
      title={<bdi>{vault.displayName}</bdi>}
      badges={
        <>
          <StateBadge state={vault.lifecycleState} />
          <Badge>{typeLabel(vault.vaultType)}</Badge>
          {known.isReplica ? <Badge tone="info">Replica</Badge> : null}
        </>
      }
      description={<span className="text-ink">{sentence}</span>}
      actions={
        <>
          <CopyButton text={ticketOfVault(known, region, vaultId)} what="Ticket block">
            Copy ticket block
          </CopyButton>
          {known.reading === null || rules === null ? null : (
            <MainAction
              vault={known.reading.body}
              known={known}
              rules={rules}
              role={role}
              region={region}
              openDialog={openDialog}
            />
          )}
        </>
      }
    />
  );
}

function deletionDateOf({ reading, row }: VaultReading): string | null {
  const vault = reading?.body;
  const time = vault === undefined ? row?.details?.timeOfDeletion : vault.timeOfDeletion;
  return time == null ? null : formatTime(time);
}

/** What is shown is not what one asked for: older than it should be, or not renewed. */
function ReadingNotice({ known }: { known: VaultReading }) {
  const { reading, error } = known;
  if (reading === null) return null;
  const refusal = error instanceof ApiError ? error : null;
  if (error !== null && refusal?.status !== 401 && refusal?.status !== 0) {
    const isGone = refusal?.status === 404;
    return (
      <Callout
        tone="warn"
        role="status"
        title={isGone ? "The service no longer shows this vault" : "This page could not be renewed"}
      >
        {refusal?.message ?? "The answer could not be understood."} You see what was read
        {reading.readAtMs === null ? " before" : ` at ${formatTime(reading.readAtMs)}`}.
      </Callout>
    );
  }
  if (!reading.isStale) return null;
  return (
    <Callout tone="warn" role="status" title="The service cannot be asked at the moment">
      You see what it said{reading.readAtMs === null ? " before" : ` at ${formatTime(reading.readAtMs)}`}. The console
      goes on asking.
    </Callout>
  );
}

function VaultSections({
  known,
  vault,
  rules,
  role,
  region,
  openDialog,
  renderActivity,
}: PartProps & { vault: Vault; renderActivity: VaultPageProps["renderActivity"] }) {
  const place = { tenancy: known.tenancy ?? "", region, vaultId: vault.id };
  // What was revealed is older than what was read last; the masked fields do not change.
  const revealed = useRevealed(place)?.vault;
  const shown = isMasked(vault) ? (revealed ?? vault) : vault;
  const isDeletionShown = hasDeletionDate(vault.lifecycleState) && vault.timeOfDeletion != null;
  return (
    <>
      {isDeletionShown ? <DeletionSection vault={vault} known={known} /> : null}
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-3">
        <div className="flex min-w-0 flex-col gap-4 lg:col-span-2">
          <FactsSection vault={shown} known={known} region={region} />
          <TagsSection vault={shown} />
          {renderActivity?.(place)}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <UsageSection place={place} isGone={vault.lifecycleState === "DELETED"} />
          {vault.lifecycleState === "DELETED" ? null : <ReplicaSection place={place} vault={vault} known={known} />}
          {vault.vaultType === "VIRTUAL_PRIVATE" ? <BackupsSection vaultId={vault.id} /> : null}
          <ActionsSection
            vault={vault}
            known={known}
            rules={rules}
            role={role}
            region={region}
            openDialog={openDialog}
          />
        </div>
      </div>
      <HowWeKnow known={known} region={region} />
    </>
  );
}

function SectionsSkeleton() {
  return (
    <div aria-busy="true" className="grid grid-cols-1 items-start gap-4 lg:grid-cols-3">
      <div className="h-112 rounded-lg border border-line bg-surface p-4 lg:col-span-2">
        <Skeleton className="h-5 w-24" />
        <div className="mt-7 grid grid-cols-2 gap-6">
          {["w-2/3", "w-1/2", "w-3/4", "w-2/5", "w-4/5", "w-3/5", "w-1/3", "w-5/6"].map((width) => (
            <Skeleton key={width} className={width} />
          ))}
        </div>
      </div>
      <div className="h-72 rounded-lg border border-line bg-surface p-4">
        <Skeleton className="h-5 w-20" />
      </div>
      <span className="sr-only">Reading the vault</span>
    </div>
  );
}
