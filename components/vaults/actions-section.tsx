"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/card.tsx";
import { useNow } from "#components/ui/clock.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { serverNow } from "#lib/browser/api.ts";
import { useGuardRails } from "#lib/browser/session.ts";
import type { ConsoleRole, VaultRow } from "#lib/contract/api.ts";
import type { Vault } from "#lib/contract/models.ts";
import type { VaultFacts } from "#lib/vault/actions.ts";
import type { ActionRules } from "./action-rules.ts";
import { actionRowsFor, type VaultActionRow, vaultActionRows } from "./vault-actions.tsx";
import { vaultHref } from "./vault-href.ts";
import type { VaultReading } from "./vault-reading.ts";

interface ActionsProps {
  vault: Vault;
  known: VaultReading;
  rules: ActionRules | null;
  role: ConsoleRole;
  region: string;
  openDialog: (action: "cancelVaultDeletion", vault: VaultRow) => void;
}

/** What the rule table needs to know of a vault that was read; `railRefusals` are the guard rails' part of it. */
export function factsOfVault(
  vault: Vault,
  known: Pick<VaultReading, "isReplica" | "otherRegions">,
  railRefusals: VaultFacts["railRefusals"],
): VaultFacts {
  return {
    lifecycleState: vault.lifecycleState,
    vaultType: vault.vaultType,
    isPrimary: known.isReplica ? false : (vault.isPrimary ?? null),
    isVaultReplicable: vault.isVaultReplicable ?? null,
    hasReplica: vault.replicaDetails?.replicationId != null || known.otherRegions.length > 0,
    railRefusals,
  };
}

/** The facts with what the guard rails say of the vault now. */
function useFacts({ vault, known, rules, region }: ActionsProps): VaultFacts {
  const rails = useGuardRails();
  const now = useNow(60_000);
  const subject = rules?.railSubjectOf(vault, { tenancy: known.tenancy ?? "", region }, known.lineage);
  return factsOfVault(vault, known, subject && rules?.railRefusals(rails, subject, now ?? serverNow()));
}

function useRun({ vault, known, region, openDialog }: ActionsProps): (row: VaultActionRow) => void {
  const router = useRouter();
  return ({ action, confirm }) => {
    if (confirm.kind === "page") router.push(vaultHref({ region, id: vault.id }, confirm.page) as Route);
    else if (action === "cancelVaultDeletion") openDialog(action, rowOf(vault, known, region));
  };
}

function rowOf(vault: Vault, known: VaultReading, region: string): VaultRow {
  return {
    ...vault,
    tenancy: known.tenancy ?? "",
    region,
    freeformTags: vault.freeformTags ?? {},
    definedTags: vault.definedTags ?? {},
    details: {
      timeOfDeletion: vault.timeOfDeletion ?? null,
      isPrimary: vault.isPrimary ?? null,
      isVaultReplicable: vault.isVaultReplicable ?? null,
      replicationId: vault.replicaDetails?.replicationId ?? null,
      restoredFromVaultId: vault.restoredFromVaultId ?? null,
    },
  };
}

/** What one comes for in this state, at the top of the page. */
export function MainAction(props: ActionsProps & { rules: ActionRules }) {
  const { vault, rules, role } = props;
  const run = useRun(props);
  const facts = useFacts(props);
  const main = vaultActionRows.find((row) => row.mainIn.includes(vault.lifecycleState));
  if (main === undefined) return null;
  const verdict = rules.judgeAction(main.action, facts, role);
  return (
    <Button
      variant="primary"
      icon={main.icon}
      onClick={() => run(main)}
      disabledReason={verdict.isAllowed ? undefined : verdict.reason}
    >
      {main.label}
    </Button>
  );
}

/** Every action that has a place in this state; one that may not be taken says why and who can. */
export function ActionsSection(props: ActionsProps) {
  const { vault, rules, role } = props;
  const run = useRun(props);
  const facts = useFacts(props);
  const rows = actionRowsFor(vault.lifecycleState);
  if (rows.length === 0) return null;
  return (
    <Section title="Actions" flush>
      <ul className="divide-y divide-line">
        {rows.map((row) => {
          const verdict = rules?.judgeAction(row.action, facts, role) ?? null;
          return (
            <li key={row.action} className="space-y-2 px-4 py-3">
              <p className="text-sm text-pretty text-muted">
                {verdict === null ? (
                  <Skeleton className="my-0.5 w-4/5" />
                ) : verdict.isAllowed ? (
                  row.hint
                ) : (
                  verdict.reason
                )}
              </p>
              <Button
                variant={row.tone === "danger" ? "danger-quiet" : "secondary"}
                icon={row.icon}
                onClick={() => run(row)}
                disabled={verdict === null}
                disabledReason={verdict === null || verdict.isAllowed ? undefined : verdict.reason}
              >
                {row.label}…
              </Button>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
