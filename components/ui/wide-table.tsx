import type { ReactNode } from "react";

export interface WideTableProps {
  /** Name of the table. */
  label: string;
  columns: readonly string[];
  /** `tr` elements; the first cell of each is a `th scope="row"`. */
  children: ReactNode;
}

/** A short table of facts. In a narrow window it scrolls sideways by itself, by keyboard too. */
export function WideTable({ label, columns, children }: WideTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label={`${label}, scrolls sideways`} tabIndex={0} className="scroll-thin overflow-x-auto ring-inside">
      <table className="w-full min-w-176 text-left text-sm">
        <caption className="sr-only">{label}</caption>
        <thead className="text-xs text-muted">
          <tr className="border-b border-line">
            {columns.map((name) => (
              <th key={name} scope="col" className="px-4 py-2 font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">{children}</tbody>
      </table>
    </section>
  );
}
