"use client";

import { TextField } from "#components/ui/field.tsx";
import { formatTime, formatZone } from "#components/ui/format.ts";
import { useIsBrowser } from "#components/ui/media.ts";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import { dayMs, deletionTimeOf, deletionWindow } from "#lib/vault/lifecycle.ts";

/** Days from now, or a moment in the reader's own zone as the browser's date field writes it. */
export type DateChoice =
  | { readonly kind: "days"; readonly days: number }
  | { readonly kind: "moment"; readonly text: string };

const presetDays = [7, 14, 30] as const;
const minuteMs = 60_000;

export interface ChosenDate {
  /** Epoch milliseconds, a whole minute inside the window; null when there is none. */
  readonly timeMs: number | null;
  /** Why there is none, in words. */
  readonly problem: string | null;
}

/** A wait longer than the service's, and the guard rail that wants it. */
export interface LongWait {
  readonly days: number;
  readonly rail: string;
}

/** What a choice stands for now. `nowMs` by the server's clock: call it again when the button is pressed. */
export function readDateChoice(choice: DateChoice, nowMs: number, longWait: LongWait | null = null): ChosenDate {
  const { earliestMs, latestMs } = deletionWindow(nowMs);
  if (longWait !== null) {
    // Thirty days are always enough: the service takes no later date.
    const soonestMs = Math.min(nowMs + longWait.days * dayMs, latestMs) - minuteMs;
    const chosen = readDateChoice(choice, nowMs);
    return chosen.timeMs !== null && chosen.timeMs < soonestMs
      ? { timeMs: null, problem: `Too early: the guard rail “${longWait.rail}” wants at least ${longWait.days} days.` }
      : chosen;
  }
  if (choice.kind === "days") return { timeMs: deletionTimeOf(choice.days, nowMs), problem: null };
  const timeMs = new Date(choice.text).getTime();
  if (choice.text === "" || Number.isNaN(timeMs)) return { timeMs: null, problem: "Choose a date and a time." };
  if (timeMs < earliestMs)
    return {
      timeMs: null,
      problem: `Too early: the service wants at least 7 days. The earliest is ${formatTime(nextMinute(earliestMs))}.`,
    };
  if (timeMs > latestMs)
    return {
      timeMs: null,
      problem: `Too late: the service allows at most 30 days. The latest is ${formatTime(latestMs)}.`,
    };
  return { timeMs, problem: null };
}

function nextMinute(timeMs: number): number {
  return Math.ceil(timeMs / minuteMs) * minuteMs;
}

interface DeletionDateProps {
  /** The question. */
  label: string;
  choice: DateChoice;
  onChange: (choice: DateChoice) => void;
  nowMs: number;
  longWait: LongWait | null;
}

/** When: 7, 14 or 30 days from now, or a moment of one's own. Always shown in the reader's zone and in UTC. */
export function DeletionDate({ label, choice, onChange, nowMs, longWait }: DeletionDateProps) {
  const isBrowser = useIsBrowser();
  const zone = isBrowser ? Intl.DateTimeFormat().resolvedOptions().timeZone : "UTC";
  const { timeMs, problem } = readDateChoice(choice, nowMs, longWait);
  const value = choice.kind === "days" ? String(choice.days) : "moment";
  return (
    <div className="space-y-3">
      <RadioCards
        label={label}
        columns={4}
        value={value}
        onChange={(next) =>
          onChange(
            next === "moment"
              ? { kind: "moment", text: localText(timeMs ?? nowMs + 30 * dayMs) }
              : { kind: "days", days: Number(next) },
          )
        }
        options={[
          ...presetDays
            .filter((days) => days >= (longWait?.days ?? 0))
            .map((days) => ({
              value: String(days),
              title: `In ${days} days`,
              description: formatTime(readDateChoice({ kind: "days", days }, nowMs).timeMs ?? nowMs),
            })),
          { value: "moment", title: "Date and time", description: `${longWait?.days ?? 7} to 30 days from now` },
        ]}
      />
      {choice.kind === "moment" ? (
        <TextField
          label="Date and time"
          help={`In your time zone, ${zone} (${formatZone(zone, timeMs ?? nowMs)}).`}
          type="datetime-local"
          required
          className="max-w-xs"
          value={choice.text}
          min={localText(nextMinute(deletionWindow(nowMs).earliestMs))}
          max={localText(deletionWindow(nowMs).latestMs)}
          onChange={(event) => onChange({ kind: "moment", text: event.target.value })}
          error={problem}
        />
      ) : null}
      {longWait === null ? null : (
        <p className="text-sm text-muted">
          The guard rail “<bdi>{longWait.rail}</bdi>” wants a wait of at least {longWait.days} days for this vault.
        </p>
      )}
      {timeMs === null ? null : (
        <p className="nums text-sm" role="status">
          <span className="font-medium">{formatTime(timeMs, "UTC")}</span>
          {zone === "UTC" ? null : <span className="text-muted"> · {formatTime(timeMs, zone)} where you are</span>}
        </p>
      )}
    </div>
  );
}

/** How a date field writes a moment in the reader's own zone: "2027-01-30T14:00". */
function localText(timeMs: number): string {
  const at = new Date(timeMs);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
