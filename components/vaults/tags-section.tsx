"use client";

import { Section } from "#components/ui/card.tsx";
import type { Vault } from "#lib/contract/models.ts";
import { tagText } from "#lib/vault/search.ts";
import { MaskedText } from "./masked.tsx";

/** Free-form tags, then the defined ones by namespace. */
export function TagsSection({ vault }: { vault: Vault }) {
  const freeform = Object.entries(vault.freeformTags ?? {});
  const namespaces = Object.entries(vault.definedTags ?? {});
  const count = freeform.length + namespaces.reduce((sum, [, keys]) => sum + Object.keys(keys).length, 0);
  return (
    <Section title="Tags" count={count}>
      {count === 0 ? (
        <p className="text-sm text-muted">This vault has no tags.</p>
      ) : (
        <div className="space-y-4">
          {freeform.length > 0 ? <TagList name="Free-form tags" tags={freeform} /> : null}
          {namespaces.map(([namespace, keys]) => (
            <TagList key={namespace} name={namespace} tags={Object.entries(keys)} />
          ))}
        </div>
      )}
    </Section>
  );
}

function TagList({ name, tags }: { name: string; tags: readonly (readonly [string, unknown])[] }) {
  return (
    <div>
      <h3 className="text-xs font-medium text-muted">
        <bdi>{name}</bdi>
      </h3>
      <dl className="mt-1 divide-y divide-line">
        {tags.map(([key, value]) => (
          <div key={key} className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-4 py-1.5 text-sm">
            <dt className="text-muted wrap-anywhere">
              <bdi>{key}</bdi>
            </dt>
            <dd className="min-w-0">
              <MaskedText text={tagText(value)} what={`value of tag ${key}`} full plain />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
