import { StatusBadge } from "#components/ui/badge.tsx";
import { stateFacts } from "#lib/vault/lifecycle.ts";

/** A vault's state in the service's words. `plain` has no box, for tables. */
export function StateBadge({ state, look }: { state: string; look?: "plain" | "tinted" }) {
  const { label, tone, isTransient } = stateFacts(state);
  return (
    <StatusBadge tone={tone} isMoving={isTransient} {...(look ? { look } : {})}>
      {label}
    </StatusBadge>
  );
}
