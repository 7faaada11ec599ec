"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { ConfirmDialog, Dialog } from "#components/ui/dialog.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { formatCount, formatTime } from "#components/ui/format.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { givenWhy, noWhy, WhyFields } from "#components/ui/why-fields.tsx";
import { type Answer, ApiError } from "#lib/browser/api.ts";
import { useRole } from "#lib/browser/session.ts";
import { getVaultQuery, type VaultPlaceId } from "#lib/browser/vault.ts";
import { useVaultAction } from "#lib/browser/vault-action.ts";
import type { VaultRow } from "#lib/contract/api.ts";
import type { Vault } from "#lib/contract/models.ts";
import { judgeAction } from "#lib/vault/actions.ts";
import { ActionOutcome, ActionTrouble, isUnderWay } from "./action-progress.tsx";
import { cancelIntent } from "./intents.ts";
import { useKeysOfVault } from "./keys-of-vault.ts";

export interface CancelDeletionProps {
  vault: VaultRow;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Leave out on the vault's own page. */
  vaultHref?: string;
}

/** Bringing a vault back: one question, then an honest report of what came back and what did not. */
export function CancelDeletionDialog({ vault, open, onOpenChange, vaultHref }: CancelDeletionProps) {
  const place: VaultPlaceId = { tenancy: vault.tenancy, region: vault.region, vaultId: vault.id };
  const reading = useQuery({ ...getVaultQuery(place), enabled: open });
  const action = useVaultAction();
  const { phase } = action;
  const isDone = phase.kind === "submitted" || phase.kind === "confirmed" || phase.kind === "unconfirmed";
  const close = () => {
    onOpenChange(false);
    if (!isUnderWay(phase)) action.reset();
  };
  if (isDone) {
    return (
      <Dialog
        open={open}
        onOpenChange={close}
        title={
          <>
            Deletion of “<bdi>{vault.displayName}</bdi>”
          </>
        }
        size="lg"
        footer={
          <>
            {vaultHref === undefined ? null : <ButtonLink href={vaultHref}>Open the vault</ButtonLink>}
            <Button variant="primary" onClick={close}>
              Done
            </Button>
          </>
        }
      >
        <div className="space-y-4">
          <ActionOutcome
            phase={phase}
            submitted="Cancellation submitted"
            confirmed="Deletion cancelled: the vault is back"
          />
          {phase.kind === "confirmed" ? (
            <KeyReport place={place} compartmentId={phase.reading.body.compartmentId} />
          ) : null}
        </div>
      </Dialog>
    );
  }
  return (
    <Question
      vault={vault}
      place={place}
      open={open}
      onClose={close}
      looked={reading.data ?? null}
      readError={reading.error}
      onReadAgain={() => void reading.refetch()}
      action={action}
    />
  );
}

interface QuestionProps {
  vault: VaultRow;
  place: VaultPlaceId;
  open: boolean;
  onClose: () => void;
  looked: Answer<Vault> | null;
  readError: Error | null;
  onReadAgain: () => void;
  action: ReturnType<typeof useVaultAction>;
}

function Question({ vault, place, open, onClose, looked, readError, onReadAgain, action }: QuestionProps) {
  const role = useRole();
  const { phase } = action;
  const current = phase.kind === "changed" ? phase.current : null;
  const verdict =
    looked === null
      ? null
      : judgeAction("cancelVaultDeletion", { ...looked.body, isPrimary: looked.body.isPrimary ?? null }, role);
  const date = looked?.body.timeOfDeletion ?? vault.details?.timeOfDeletion ?? null;
  const [why, setWhy] = useState(noWhy);
  const start = (on: Answer<Vault>) => action.start(cancelIntent(place, on, givenWhy(why)));
  const readRefusal = readError instanceof ApiError ? readError : null;
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => (next ? undefined : onClose())}
      title={
        <>
          Cancel the deletion of “<bdi>{vault.displayName}</bdi>”?
        </>
      }
      confirmLabel="Cancel deletion and restore the vault"
      keepLabel="Keep deletion scheduled"
      onConfirm={() => (looked === null ? undefined : start(looked))}
      busy={isUnderWay(phase) && phase.kind !== "waiting"}
      confirmDisabledReason={
        looked === null
          ? "The vault is being read first."
          : phase.kind === "changed"
            ? "The vault was changed: look at what changed first."
            : verdict?.isAllowed === false
              ? verdict.reason
              : undefined
      }
      error={
        looked === null ? (
          readError === null ? null : (
            <ErrorBlock
              title="The vault could not be read"
              why={readRefusal?.message}
              code={readRefusal?.code}
              requestId={readRefusal?.requestId}
              onRetry={onReadAgain}
            />
          )
        ) : (
          <ActionTrouble
            phase={phase}
            looked={looked}
            what="cancellation"
            onResend={action.resend}
            onStop={action.stop}
            again={
              current === null
                ? { reason: "" }
                : current.body.lifecycleState === "PENDING_DELETION"
                  ? { label: "I have seen it: cancel the deletion", run: () => start(current) }
                  : { reason: "The vault is not scheduled for deletion any more." }
            }
          />
        )
      }
    >
      <div className="space-y-2 text-sm">
        <p>
          The vault in {vault.region} becomes active again, and its keys can be used.
          {date === null ? "" : ` Without this it is deleted for good on ${formatTime(date)}.`}
        </p>
        <p className="text-muted">
          Keys that are scheduled for deletion on their own keep their dates. Deletion can be scheduled again at any
          time.
        </p>
        <div className="space-y-4 pt-2">
          <WhyFields value={why} onChange={setWhy} />
        </div>
      </div>
    </ConfirmDialog>
  );
}

/** Which keys came back and which stay scheduled: read from the service now, with what could not be seen. */
function KeyReport({ place, compartmentId }: { place: VaultPlaceId; compartmentId: string }) {
  const keys = useKeysOfVault(place, compartmentId);
  if (keys.isPending) {
    return (
      <div aria-busy="true" className="space-y-2">
        <Skeleton className="w-1/2" />
        <Skeleton className="w-2/3" />
      </div>
    );
  }
  if (keys.keys === null) {
    return (
      <p className="text-sm text-muted">
        The keys could not be listed, so it is not known which of them are back. {keys.keysError?.message}
      </p>
    );
  }
  const doomed = new Set(keys.doomed.map(({ key }) => key.id));
  const back = keys.keys.filter((key) => !doomed.has(key.id));
  return (
    <div className="space-y-3 text-sm">
      <div>
        <h3 className="text-sm">Back: {formatCount(back.length, "key")}</h3>
        {back.length > 0 ? (
          <p className="text-muted wrap-anywhere">
            {back
              .slice(0, 12)
              .map((key) => key.displayName)
              .join(", ")}
            {back.length > 12 ? ` and ${back.length - 12} more` : ""}
          </p>
        ) : null}
      </div>
      {keys.doomed.length > 0 ? (
        <div>
          <h3 className="text-sm text-danger">
            Still scheduled for deletion on {keys.doomed.length === 1 ? "its" : "their"} own:{" "}
            {formatCount(keys.doomed.length, "key")}
          </h3>
          <ul className="text-muted">
            {keys.doomed.map(({ key, deletionMs }) => (
              <li key={key.id} className="wrap-anywhere">
                <bdi>{key.displayName}</bdi>:{" "}
                {deletionMs === null ? "its date could not be read" : `deleted on ${formatTime(deletionMs)}`}
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <p className="text-muted">No key in the vault's compartment is scheduled for deletion on its own.</p>
      )}
      {keys.keysElsewhere === null ? (
        <p className="text-muted">
          How many keys lie in other compartments is not known: the counts could not be read.
        </p>
      ) : keys.keysElsewhere > 0 ? (
        <p className="text-muted">
          {formatCount(keys.keysElsewhere, "key")} in other compartments {keys.keysElsewhere === 1 ? "is" : "are"} not
          listed here.
        </p>
      ) : null}
    </div>
  );
}
