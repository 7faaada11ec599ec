"use client";

import { ChevronDown } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { Button, type ButtonProps } from "./button.tsx";
import { cn } from "./cn.ts";
import { fetchAhead, patiently } from "./patiently.ts";
import { Popover } from "./popover.tsx";

export interface PickerOption {
  id: string;
  label: string;
  /** A quieter word after the label: the region's key, the path of a compartment. Searched too. */
  hint?: string;
  /** Depth in a tree, from 0: the label is indented. While searching the tree is flat. */
  depth?: number;
  count?: number;
  disabled?: boolean;
  icon?: ReactNode;
}

export interface PickerProps {
  /** What is chosen here: "Region". Shown on the button before the value. */
  label: string;
  options: readonly PickerOption[];
  /** Ids of what is chosen. */
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** One at a time: choosing closes. */
  single?: boolean;
  /** On the button when nothing is chosen: "All regions". */
  allLabel: string;
  /** On the button when several are: (count) => "3 regions". */
  manyLabel?: (count: number) => string;
  /** Multi only: a first row that clears the choice. On by default. */
  offerAll?: boolean;
  searchLabel?: string;
  emptyText?: string;
  footer?: ReactNode;
  icon?: ReactNode;
  variant?: ButtonProps["variant"];
  size?: ButtonProps["size"];
  align?: "start" | "end";
  className?: string;
  disabled?: boolean;
  /** `field`: as wide as a form's field, under a label that is written elsewhere. */
  look?: "field";
  /** Id of an error about the choice. */
  describedBy?: string | undefined;
}

/** Fetches the code of open pickers ahead of need: the button is all that is on screen before. */
export const loadPickerList = () => import("./picker-list.tsx");
const PickerList = lazy(() => patiently(loadPickerList).then((module) => ({ default: module.PickerList })));

/** The button's one child takes the whole width: what is chosen at its start, the arrow at its end. */
const fieldClass = "w-full border-line-strong *:w-full *:min-w-0";

/** A button that opens a searchable list to choose one or several from. Arrow keys move, Enter or a click chooses. */
export function Picker(props: PickerProps) {
  const { label, options, value, onChange, single = false, allLabel, manyLabel, icon, variant, size, align } = props;
  const chosen = options.filter((option) => value.includes(option.id));
  const first = chosen[0];
  const isField = props.look === "field";
  let text = allLabel;
  if (first && chosen.length === 1) text = first.label;
  else if (chosen.length > 1) text = manyLabel?.(chosen.length) ?? `${chosen.length} chosen`;

  return (
    <Popover
      label={label}
      align={align ?? "start"}
      padding="none"
      className="w-80"
      trigger={
        <Button
          variant={variant ?? "secondary"}
          size={size ?? "md"}
          icon={icon}
          disabled={props.disabled ?? false}
          onFocus={() => fetchAhead(loadPickerList)}
          iconEnd={<ChevronDown aria-hidden="true" className="text-faint" />}
          aria-describedby={props.describedBy}
          className={cn("min-w-0 font-normal", isField ? fieldClass : "max-w-64", props.className)}
        >
          <span className={cn("truncate", isField && "flex-1 text-left")}>
            <span className={isField ? "sr-only" : "text-muted"}>{label}: </span>
            <span className={isField ? undefined : "font-medium"}>{text}</span>
          </span>
        </Button>
      }
    >
      {(close) => (
        <Suspense fallback={<div aria-busy="true" className="h-40" />}>
          <PickerList
            {...props}
            onChange={(next) => {
              onChange(next);
              if (single) close();
            }}
          />
        </Suspense>
      )}
    </Popover>
  );
}
