"use client";

import { Eye } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/dialog.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Textarea } from "#components/ui/field.tsx";
import { wordsOf } from "#lib/browser/api.ts";
import { useReveal } from "#lib/browser/reveal.ts";
import type { RevealBody } from "#lib/contract/api.ts";

const reasonMin = 10;

/** Shows what is hidden of one vault, for a reason that is recorded. */
export function RevealButton({ place, name }: { place: RevealBody; name: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState("");
  const reveal = useReveal(place);
  return (
    <>
      <Button size="sm" icon={<Eye aria-hidden="true" />} onClick={() => setIsOpen(true)}>
        Reveal hidden fields…
      </Button>
      <ConfirmDialog
        open={isOpen}
        onOpenChange={setIsOpen}
        title={
          <>
            Reveal what is hidden of “<bdi>{name}</bdi>”?
          </>
        }
        confirmLabel="Reveal hidden fields"
        keepLabel="Keep them hidden"
        busy={reveal.isPending}
        confirmDisabledReason={
          reason.trim().length < reasonMin ? `Say why, in at least ${reasonMin} characters.` : undefined
        }
        onConfirm={() => reveal.mutate(reason.trim(), { onSuccess: () => setIsOpen(false) })}
        error={reveal.error === null ? null : <ErrorBlock {...wordsOf(reveal.error, "They could not be revealed.")} />}
      >
        <p>Its endpoints, marked tags and the names of people are shown on this page until you leave it.</p>
        <Textarea
          label="Why do you need them?"
          help="Recorded with your name, for whoever asks later."
          required
          minLength={reasonMin}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </ConfirmDialog>
    </>
  );
}
