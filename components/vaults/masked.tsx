"use client";

import { CopyText, type CopyTextProps } from "#components/ui/copy-text.tsx";
import { maskedText } from "#lib/contract/api.ts";
import type { Vault } from "#lib/contract/models.ts";

/** A value to copy, or the word that it is hidden from this role. */
export function MaskedText(props: CopyTextProps) {
  if (props.text !== maskedText) return <CopyText {...props} />;
  return <span className="text-muted">Hidden</span>;
}

/** True when the server left something out of what this person sees of the vault. */
export const isMasked = (vault: Vault): boolean => JSON.stringify(vault).includes(maskedText);
