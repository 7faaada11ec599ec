"use client";

import { Hourglass } from "lucide-react";
import { Arrival } from "./arrival.tsx";
import { TextLink } from "./button.tsx";
import { Callout } from "./callout.tsx";
import { TimeText } from "./time-text.tsx";

interface AskedOutcomeProps {
  /** Id of the request for approval. */
  approval: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** In place of an outcome: nothing was done yet, another person has to agree. */
export function AskedOutcome({ approval, expiresAt }: AskedOutcomeProps) {
  return (
    <Arrival label="Outcome" className="rounded-lg">
      <Callout
        tone="pending"
        role="status"
        icon={<Hourglass aria-hidden="true" />}
        title="Waiting for a second security admin"
      >
        Nothing has been sent to Oracle. Another security admin finds the request under Approvals and can agree until{" "}
        <TimeText time={expiresAt} />. When the vault changes meanwhile, the request is void.{" "}
        <TextLink href={`/approvals/${approval}`}>Open the request</TextLink>
      </Callout>
    </Arrival>
  );
}

/** Above a decision that needs two: what pressing the button does. */
export function AskNotice() {
  return (
    <Callout tone="info" title="This needs a second person">
      Another security admin has to agree before anything is sent. They see exactly what you ask for, and your reason.
    </Callout>
  );
}
