"use client";

import { Plus, X } from "lucide-react";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Section } from "#components/ui/card.tsx";
import { TextField } from "#components/ui/field.tsx";
import { countProblem, problemOf, type TagRow } from "./tag-rows.ts";

/** Tags as rows that can be added, changed and removed. */
export function TagEditor({
  rows,
  onChange,
  isTried,
}: {
  rows: TagRow[];
  onChange: (rows: TagRow[]) => void;
  isTried: boolean;
}) {
  const set = (id: number, change: Partial<TagRow>) =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...change } : row)));
  const add = (namespace: string) =>
    onChange([...rows, { id: Math.max(0, ...rows.map((row) => row.id)) + 1, namespace, key: "", value: "" }]);
  const tooMany = countProblem(rows);
  return (
    <Section
      title="Tags"
      description="The namespace is for defined tags only."
      actions={
        <Button size="sm" icon={<Plus aria-hidden="true" />} onClick={() => add("")}>
          Add tag
        </Button>
      }
    >
      <div className="space-y-3">
        {rows.length === 0 ? <p className="text-sm text-muted">No tags.</p> : null}
        {rows.map((row, index) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset would break the grid; the group is named
          <div
            key={row.id}
            role="group"
            aria-label={`Tag ${index + 1}`}
            className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-start gap-2 max-sm:not-last:border-b max-sm:not-last:border-line max-sm:not-last:pb-3 sm:grid-cols-[minmax(0,3fr)_minmax(0,4fr)_minmax(0,5fr)_auto]"
          >
            <TextField
              label="Namespace"
              value={row.namespace}
              maxLength={100}
              onChange={(event) => set(row.id, { namespace: event.target.value })}
            />
            <TextField
              label="Key"
              value={row.key}
              maxLength={100}
              onChange={(event) => set(row.id, { key: event.target.value })}
              error={isTried || row.key !== "" ? problemOf(row, rows) : null}
              className="max-sm:col-span-2"
            />
            <TextField
              label="Value"
              value={row.value}
              maxLength={256}
              onChange={(event) => set(row.id, { value: event.target.value })}
              className="max-sm:col-span-2"
            />
            <IconButton
              label={`Remove tag ${row.key === "" ? index + 1 : row.key}`}
              icon={<X />}
              className="mt-6"
              onClick={() => onChange(rows.filter((each) => each.id !== row.id))}
            />
          </div>
        ))}
        {tooMany === null ? null : (
          <p role="alert" className="text-sm text-danger">
            {tooMany}
          </p>
        )}
      </div>
    </Section>
  );
}
