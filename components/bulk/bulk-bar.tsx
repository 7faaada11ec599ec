"use client";

import { lazy, Suspense, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { formatCount } from "#components/ui/format.ts";
import { patiently } from "#components/ui/patiently.ts";
import { useRole } from "#lib/browser/session.ts";
import type { VaultPlace } from "#lib/vault/list.ts";
import { type BulkAction, bulkActions, bulkWords, roleProblem } from "./bulk-changes.ts";
import type { DeletionQuestion } from "./bulk-dialog.tsx";

const BulkDialog = lazy(() =>
  patiently(() => import("./bulk-dialog.tsx")).then((module) => ({ default: module.BulkDialog })),
);

/** At ten writes a second a minute's work; more would leave a person with a list nobody reads. */
const bulkMax = 500;
const tooMany = `Select ${bulkMax} vaults at most at a time.`;

interface BulkBarProps {
  /** The vaults chosen. */
  places: readonly VaultPlace[];
  /** Of those, the ones that stay chosen: after a change the ones that failed. */
  onKeep: (keys: readonly string[]) => void;
  /** All of them when left out. */
  actions?: readonly BulkAction[];
  /** Needed where vaults can be scheduled for deletion. */
  DeletionQuestion?: DeletionQuestion;
}

/** What can be done to the vaults that are chosen. */
export function BulkBar({ places, onKeep, actions = bulkActions, DeletionQuestion }: BulkBarProps) {
  const role = useRole();
  const [action, setAction] = useState<BulkAction | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  // What is being changed stays the same while the list behind changes.
  const [taken, setTaken] = useState<readonly VaultPlace[]>([]);
  const open = (chosen: BulkAction) => {
    setTaken(places);
    setAction(chosen);
    setIsOpen(true);
  };
  return (
    <>
      {places.length === 0 ? null : (
        <section
          aria-label="Selected vaults"
          className="flex flex-wrap items-center gap-2 rounded-lg border border-accent-line bg-accent-soft px-3 py-2"
        >
          <span role="status" className="nums mr-1 text-sm font-medium">
            {formatCount(places.length, "vault")} selected
          </span>
          {actions.map((each) => (
            <Button
              key={each}
              size="sm"
              variant={each === "scheduleVaultDeletion" ? "danger-quiet" : "secondary"}
              disabledReason={roleProblem(each, role) ?? (places.length > bulkMax ? tooMany : undefined)}
              onClick={() => open(each)}
            >
              {bulkWords[each].label}
            </Button>
          ))}
          <Button size="sm" variant="ghost" onClick={() => onKeep([])}>
            Select none
          </Button>
        </section>
      )}
      {action === null ? null : (
        <Suspense fallback={null}>
          <BulkDialog
            key={`${action} ${taken.map(({ key }) => key).join(" ")}`}
            action={action}
            DeletionQuestion={DeletionQuestion}
            places={taken}
            open={isOpen}
            onClose={(failed) => {
              setIsOpen(false);
              if (failed !== null) onKeep(failed);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
