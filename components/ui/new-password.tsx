"use client";

import { useState } from "react";
import { TextField } from "./field.tsx";

const passwordCharactersMin = 15;

/** What is wrong with a new password as far as the page can tell; the server judges the rest. */
export function passwordProblem(password: string): string | undefined {
  if (password === "") return "Choose a password.";
  if (Array.from(password).length < passwordCharactersMin)
    return `${passwordCharactersMin - Array.from(password).length} more characters are needed.`;
  return undefined;
}

interface NewPasswordProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Show what is wrong, after the first try to send. */
  isTried: boolean;
}

/** A new password, typed once and shown on demand: seeing it is better than typing it blind twice. */
export function NewPassword({ label, value, onChange, isTried }: NewPasswordProps) {
  const [isShown, setIsShown] = useState(false);
  return (
    <TextField
      label={label}
      help={`At least ${passwordCharactersMin} characters. Four words that have nothing to do with each other do well.`}
      type={isShown ? "text" : "password"}
      autoComplete="new-password"
      spellCheck={false}
      value={value}
      error={isTried ? passwordProblem(value) : undefined}
      onChange={(event) => onChange(event.target.value)}
      aside={
        <button
          type="button"
          onClick={() => setIsShown(!isShown)}
          aria-pressed={isShown}
          className="min-h-6 rounded-xs text-accent underline-offset-2 hover:underline"
        >
          {isShown ? "Hide" : "Show"}
        </button>
      }
    />
  );
}
