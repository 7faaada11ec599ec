"use client";

import { useMutation } from "@tanstack/react-query";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { formatCount } from "#components/ui/format.ts";
import { TimeText } from "#components/ui/time-text.tsx";
import { verifyTrail } from "#lib/browser/activity.ts";
import { wordsOf } from "#lib/browser/api.ts";
import type { TrailAnswer } from "#lib/contract/api.ts";

/** State of a verification that a press begins. */
export function useVerification() {
  return useMutation({ mutationFn: verifyTrail });
}

type Verification = ReturnType<typeof useVerification>;

export function VerifyButton({ verification }: { verification: Verification }) {
  return (
    <Button onClick={() => verification.mutate()} loading={verification.isPending}>
      Verify the trail
    </Button>
  );
}

/** What the last verification found. */
export function VerifyResult({ verification }: { verification: Verification }) {
  const { data, error } = verification;
  if (error !== null) {
    return (
      <ErrorBlock
        {...wordsOf(error, "The trail could not be verified.")}
        onRetry={() => verification.mutate()}
        retrying={verification.isPending}
      />
    );
  }
  return <div role="status">{data === undefined ? null : <Verdict verdict={data} />}</div>;
}

function Verdict({ verdict }: { verdict: TrailAnswer }) {
  const { isIntact, rows, fault, checkpoints, lastCheckpointAt } = verdict;
  if (!isIntact) {
    return (
      <Callout tone="danger" title={`The trail is not intact from row ${fault?.seq}`}>
        {fault?.what} Keep the store as it is and tell whoever is responsible for security.
      </Callout>
    );
  }
  return (
    <Callout tone="ok" title={`The trail is intact: ${formatCount(rows, "row")}`}>
      {lastCheckpointAt === null ? (
        "There is no checkpoint outside the store yet to hold it against."
      ) : (
        <>
          It agrees with {formatCount(checkpoints, "signed checkpoint")} outside the store, the last of{" "}
          <TimeText time={lastCheckpointAt} />.
        </>
      )}
    </Callout>
  );
}
