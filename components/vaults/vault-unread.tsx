"use client";

import { FileQuestion } from "lucide-react";
import { ButtonLink } from "#components/ui/button.tsx";
import { CopyText } from "#components/ui/copy-text.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Page } from "#components/ui/page.tsx";
import { ApiError, wordsOf } from "#lib/browser/api.ts";
import { useVaultIndex } from "./inventory-state.ts";
import { vaultHref } from "./vault-href.ts";
import type { VaultReading } from "./vault-reading.ts";

interface VaultUnreadProps {
  region: string;
  vaultId: string;
  known: VaultReading;
  error: Error;
}

/** The vault could not be read at all: not there, not visible, or the service did not answer. */
export function VaultUnread({ region, vaultId, known, error }: VaultUnreadProps) {
  const refusal = error instanceof ApiError ? error : null;
  if (refusal?.status === 404 || refusal?.status === 400)
    return <NotThere region={region} vaultId={vaultId} refusal={refusal} />;
  return (
    <Page>
      <ErrorBlock
        look="page"
        {...wordsOf(error, "The vault's answer could not be understood.")}
        onRetry={known.refetch}
        retrying={known.isFetching}
        retryAt={undefined}
        actions={<ButtonLink href="/vaults">All vaults</ButtonLink>}
      />
    </Page>
  );
}

function NotThere({ region, vaultId, refusal }: { region: string; vaultId: string; refusal: ApiError }) {
  const { index } = useVaultIndex();
  const elsewhere = index?.places.filter((place) => place.row.id === vaultId && place.row.region !== region) ?? [];
  return (
    <Page>
      <h1 className="sr-only">Vault not found</h1>
      <EmptyState
        className="mx-auto max-w-lg items-start text-left"
        icon={<FileQuestion />}
        title={`No such vault in ${region}, or it is not visible`}
        action={
          <>
            {elsewhere.map(({ row }) => (
              <ButtonLink key={row.region} href={vaultHref(row)} variant="primary">
                Open it in {row.region}
              </ButtonLink>
            ))}
            <ButtonLink href="/vaults">All vaults</ButtonLink>
          </>
        }
      >
        <div className="space-y-2">
          <p>
            <CopyText text={vaultId} what="OCID" full />
          </p>
          <p>Oracle gives the same answer in each of these cases, so the console cannot tell which one it is:</p>
          <ul className="list-disc space-y-0.5 pl-5 marker:text-faint">
            <li>The OCID is mistyped or cut short.</li>
            <li>The vault is in another region or another tenancy.</li>
            <li>It was deleted some time ago and is no longer listed.</li>
            <li>The console's OCI user is not allowed to see it.</li>
          </ul>
          <p className="flex flex-wrap items-center gap-x-3 text-xs text-faint">
            <span className="code">{refusal.code}</span>
            {refusal.requestId ? <CopyText text={refusal.requestId} what="request id" head={8} tail={4} /> : null}
          </p>
        </div>
      </EmptyState>
    </Page>
  );
}
