"use client";

import { Textarea, TextField } from "./field.tsx";

/** Why something is done, and the ticket that asks for it. */
export interface WhyGiven {
  readonly reason: string;
  readonly ticket: string;
}

export const noWhy: WhyGiven = { reason: "", ticket: "" };

interface WhyFieldsProps {
  value: WhyGiven;
  onChange: (value: WhyGiven) => void;
  /** A second person decides by the reason: it has to be given. */
  isAsked?: boolean;
}

/** Both go into the receipt; without a second person neither has to be given. */
export function WhyFields({ value, onChange, isAsked = false }: WhyFieldsProps) {
  return (
    <>
      <Textarea
        label="Why?"
        optional={!isAsked}
        required={isAsked}
        help={isAsked ? "The second person decides by it." : "Kept with the receipt, for whoever asks later."}
        maxLength={500}
        rows={2}
        value={value.reason}
        onChange={(event) => onChange({ ...value, reason: event.target.value })}
      />
      <TicketField value={value.ticket} onChange={(ticket) => onChange({ ...value, ticket })} />
    </>
  );
}

interface TicketFieldProps {
  value: string;
  onChange: (ticket: string) => void;
  /** Where it is kept. */
  what?: string;
}

/** The ticket that asks for a change, by its number. */
export function TicketField({ value, onChange, what = "the receipt" }: TicketFieldProps) {
  return (
    <TextField
      label="Ticket"
      optional
      help={`Its number, e.g. CHG-1234; kept with ${what}.`}
      maxLength={100}
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** The parts of it that were given, trimmed, as an intent carries them. */
export function givenWhy({ reason, ticket }: WhyGiven): { readonly reason?: string; readonly ticket?: string } {
  return {
    ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
    ...(ticket.trim() === "" ? {} : { ticket: ticket.trim() }),
  };
}
