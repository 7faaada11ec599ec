"use client";

import { Button } from "#components/ui/button.tsx";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import type { EditConflict, Side } from "#lib/vault/merge.ts";

interface EditConflictsProps {
  conflicts: readonly EditConflict[];
  choices: Readonly<Record<string, Side>>;
  onChoose: (key: string, side: Side) => void;
  /** Goes on with the merged edits, on the vault as it is now. */
  onMerge: () => void;
}

/** Somebody else changed the vault: for each field both changed, whose value it gets. The rest falls into place. */
export function EditConflicts({ conflicts, choices, onChoose, onMerge }: EditConflictsProps) {
  return (
    <div className="space-y-4">
      <p className="text-sm text-pretty">
        {conflicts.length === 0
          ? "None of your edits touches what they changed: theirs stay, yours come on top."
          : "You both changed these. Choose whose value each of them gets; everything else of theirs stays."}
      </p>
      {conflicts.map(({ key, field, mine, theirs }) => (
        <RadioCards<Side>
          key={key}
          label={field}
          columns={2}
          value={choices[key] ?? "mine"}
          onChange={(side) => onChoose(key, side)}
          options={[
            { value: "mine", title: "Keep mine", description: mine ?? "Removed" },
            { value: "theirs", title: "Take theirs", description: theirs ?? "Removed" },
          ]}
        />
      ))}
      <Button variant="primary" onClick={onMerge}>
        Put my edits on this version
      </Button>
    </div>
  );
}
