"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Section } from "#components/ui/card.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Textarea, TextField } from "#components/ui/field.tsx";
import { wordsOf } from "#lib/browser/api.ts";
import { useDecide } from "#lib/browser/approvals.ts";
import { sessionQuery } from "#lib/browser/session.ts";
import type { Approval } from "#lib/contract/api.ts";
import { operationLabel } from "#lib/vault/operation-words.ts";

/** Agreeing, denying, withdrawing, or sending the file that was agreed to; whatever is open to this person now. */
export function ApprovalDecision({ approval }: { approval: Approval }) {
  const userId = useQuery(sessionQuery).data?.user?.id;
  const isMine = userId === approval.requester.id;
  if (approval.state === "pending") return isMine ? <Withdraw approval={approval} /> : <Decide approval={approval} />;
  if (approval.state !== "approved") return null;
  return approval.operation === "restoreVaultFromFile" ? (
    <SendFile approval={approval} isMine={isMine} />
  ) : (
    <CarryOut approval={approval} />
  );
}

function DecisionError({ error }: { error: Error | null }) {
  if (error === null) return null;
  return <ErrorBlock {...wordsOf(error, "The decision was not taken.")} />;
}

function Decide({ approval }: { approval: Approval }) {
  const decide = useDecide(approval.id);
  const [end, setEnd] = useState("");
  const [reason, setReason] = useState("");
  const wanted = approval.target.slice(-6);
  const { whyNotYou } = approval;
  const notYet = whyNotYou ?? (end.trim() === wanted ? null : "Type the last six characters first.");
  const noReason = whyNotYou ?? (reason.trim().length >= 3 ? null : "Say why it is denied.");
  const approve = (event: FormEvent) => {
    event.preventDefault();
    if (notYet !== null || decide.isPending) return;
    const said = reason.trim() === "" ? {} : { reason: reason.trim() };
    decide.mutate({ decision: "approve", confirm: end.trim(), ...said });
  };
  return (
    <Section title="Your decision">
      <form onSubmit={approve} noValidate className="space-y-4">
        {whyNotYou === null ? null : <p className="text-sm text-pretty text-muted">{whyNotYou}</p>}
        <TextField
          label={
            approval.target.startsWith("ocid1.") ? "Last six characters of the OCID" : "Last six characters of the id"
          }
          help="So that it is this one you have looked at."
          mono
          maxLength={6}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          value={end}
          onChange={(event) => setEnd(event.target.value)}
        />
        <Textarea
          label="Remark"
          help="Needed to deny; kept with the decision."
          rows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <DecisionError error={decide.error} />
        <Button
          type="submit"
          variant="danger"
          size="lg"
          className="h-auto min-h-10 w-full py-2 whitespace-normal"
          loading={decide.isPending}
          disabledReason={notYet ?? undefined}
        >
          Approve: {operationLabel(approval.operation).toLowerCase()}
        </Button>
        <Button
          className="w-full"
          disabledReason={noReason ?? undefined}
          onClick={() => {
            if (noReason === null && !decide.isPending) decide.mutate({ decision: "deny", reason: reason.trim() });
          }}
        >
          Deny the request
        </Button>
      </form>
    </Section>
  );
}

function Withdraw({ approval }: { approval: Approval }) {
  const decide = useDecide(approval.id);
  return (
    <Section title="You asked for this">
      <div className="space-y-4">
        <p className="text-sm text-pretty text-muted">
          Another security admin has to agree. Send them this page's address.
        </p>
        <DecisionError error={decide.error} />
        <Button className="w-full" loading={decide.isPending} onClick={() => decide.mutate({ decision: "withdraw" })}>
          Withdraw the request
        </Button>
      </div>
    </Section>
  );
}

function CarryOut({ approval }: { approval: Approval }) {
  const decide = useDecide(approval.id);
  return (
    <Section title="Not carried out yet">
      <div className="space-y-4">
        <p className="text-sm text-pretty text-muted">
          It was agreed to, but the console was stopped before it was sent. It takes effect only once, whoever presses.
        </p>
        <DecisionError error={decide.error} />
        <Button
          variant="danger"
          className="w-full"
          loading={decide.isPending}
          onClick={() => decide.mutate({ decision: "carryOut" })}
        >
          Carry it out
        </Button>
      </div>
    </Section>
  );
}

function SendFile({ approval, isMine }: { approval: Approval; isMine: boolean }) {
  const search = new URLSearchParams({
    approval: approval.id,
    tenancy: approval.tenancy,
    region: approval.region,
    compartment: String(approval.params.compartmentId ?? ""),
  });
  return (
    <Section title="The file">
      {isMine ? (
        <ButtonLink href={`/restore?${search}`} variant="primary" className="w-full">
          Choose the file and restore
        </ButtonLink>
      ) : (
        <p className="text-sm text-pretty text-muted">
          <bdi>{approval.requester.name}</bdi> has the file and sends it now.
        </p>
      )}
    </Section>
  );
}
