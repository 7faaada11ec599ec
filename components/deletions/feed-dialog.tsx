"use client";

import { useQuery } from "@tanstack/react-query";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { CopyText } from "#components/ui/copy-text.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import { wordsOf } from "#lib/browser/api.ts";
import { feedQuery, useChangeFeed } from "#lib/browser/feeds.ts";

/** A secret link by which a calendar program follows the deletion dates, made and ended here. */
export function FeedDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const change = useChangeFeed();
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => {
        onOpenChange(isOpen);
        // The link was told once.
        if (!isOpen) change.reset();
      }}
      title="Follow deletion dates in your calendar"
      description="A calendar program reads this link by itself and shows every date, with a reminder two days before."
      footer={<Button onClick={() => onOpenChange(false)}>Close</Button>}
    >
      <FeedBody change={change} />
    </Dialog>
  );
}

function FeedBody({ change }: { change: ReturnType<typeof useChangeFeed> }) {
  const { data, error } = useQuery(feedQuery);
  const failure = change.error ?? (data === undefined ? error : null);
  const path = change.data?.path ?? null;
  return (
    <div className="space-y-4">
      {failure === null ? null : <ErrorBlock {...wordsOf(failure, "The link could not be read.")} />}
      {path === null ? null : (
        <Callout tone="ok" role="status" title="The link is made. It is shown only now.">
          <CopyText text={`${window.location.origin}${path}`} what="calendar link" full className="break-all" />
        </Callout>
      )}
      {data === undefined ? (
        failure === null ? (
          <Skeleton className="w-64" />
        ) : null
      ) : data.feed === null ? (
        <p className="text-sm text-muted">You have no link yet.</p>
      ) : (
        <p className="text-sm">
          Made <TimeText time={data.feed.createdAt} />,{" "}
          {data.feed.lastUsedAt === null ? (
            "not read by a calendar yet."
          ) : (
            <>
              read last <TimeText time={data.feed.lastUsedAt} show="relative" />.
            </>
          )}
        </p>
      )}
      <p className="text-sm text-pretty text-muted">
        Whoever has the link sees names, regions, compartments and dates of what you may see, and of each OCID only its
        end. It works until you end it, make a new one, may no longer use the console, or have not signed in for 90
        days.
      </p>
      {data === undefined ? null : (
        <div className="flex flex-wrap gap-2">
          <Button
            variant={data.feed === null ? "primary" : "secondary"}
            loading={change.isPending && change.variables === "make"}
            onClick={() => change.mutate("make")}
          >
            {data.feed === null ? "Make link" : "Make a new link and end this one"}
          </Button>
          {data.feed === null ? null : (
            <Button
              variant="danger-quiet"
              loading={change.isPending && change.variables === "end"}
              onClick={() => change.mutate("end")}
            >
              End link
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
