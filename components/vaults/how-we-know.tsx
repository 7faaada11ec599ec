"use client";

import { RefreshCw } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { CopyText } from "#components/ui/copy-text.tsx";
import { TimeText } from "#components/ui/time-text.tsx";
import type { VaultReading } from "./vault-reading.ts";

/** Where the facts of this page come from, when, and by which ids somebody else can look them up. */
export function HowWeKnow({ known, region }: { known: VaultReading; region: string }) {
  const { reading } = known;
  if (reading === null) return null;
  return (
    <footer className="flex flex-wrap items-center gap-x-5 gap-y-1 border-t border-line pt-3 text-xs text-muted">
      <h2 className="text-xs font-medium text-ink">How we know</h2>
      <span>
        GetVault in {region}
        {reading.readAtMs === null ? null : (
          <>
            , read <TimeText time={reading.readAtMs} />
          </>
        )}
      </span>
      {reading.etag === null ? (
        <span>No etag given</span>
      ) : (
        <span className="inline-flex items-center gap-1">
          Etag <CopyText text={reading.etag} what="etag" head={8} tail={4} />
        </span>
      )}
      {reading.requestId === null ? null : (
        <span className="inline-flex items-center gap-1">
          Request id <CopyText text={reading.requestId} what="request id" head={8} tail={4} />
        </span>
      )}
      <Button
        size="sm"
        variant="ghost"
        icon={<RefreshCw aria-hidden="true" />}
        loading={known.isFetching}
        onClick={known.refetch}
        className="ml-auto"
      >
        Read again
      </Button>
    </footer>
  );
}
