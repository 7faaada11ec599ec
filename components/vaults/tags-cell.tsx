"use client";

import { Button } from "#components/ui/button.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { tagsOf, type VaultPlace } from "#lib/vault/list.ts";

/** How many tags a vault has; a press lists them. */
export function TagsCell({ place }: { place: VaultPlace }) {
  if (place.tagCount === 0) return <span className="text-faint">—</span>;
  return (
    <Popover
      label={`Tags of ${place.row.displayName}`}
      align="end"
      className="w-80"
      trigger={
        <Button
          size="sm"
          variant="ghost"
          aria-label={`${place.tagCount} tags of ${place.row.displayName}`}
          className="nums min-w-7"
        >
          {place.tagCount}
        </Button>
      }
    >
      {() => (
        <ul className="space-y-1.5 text-xs">
          {tagsOf(place.row).map(([key, tag]) => (
            <li key={tag} className="wrap-anywhere">
              <span className="text-muted">{key}</span>
              <span className="text-faint"> = </span>
              <bdi className="font-medium">{tag.slice(key.length + 1)}</bdi>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}
