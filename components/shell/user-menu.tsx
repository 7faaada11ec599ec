"use client";

import { ChevronDown, LogOut, UserRound, Users } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { ApiError } from "#lib/browser/api.ts";
import { useSignOut } from "#lib/browser/session.ts";
import type { ConsoleRole, SessionAnswer, SessionUser } from "#lib/contract/api.ts";

export const roleLabels: Record<ConsoleRole, string> = {
  admin: "Security admin",
  operator: "Operator",
  helpdesk: "Help desk",
  auditor: "Auditor",
};

/** Roles that can look at everything and change nothing. */
export function isReadOnlyRole(role: ConsoleRole): boolean {
  return role === "helpdesk" || role === "auditor";
}

/** Who is signed in, as what, and the way out. */
export function UserMenu({ user, mode }: { user: SessionUser | null; mode: SessionAnswer["mode"] | null }) {
  const { signOut, isPending } = useSignOut();
  const toast = useToast();
  if (!user) {
    return (
      <span className="flex w-9 justify-end sm:w-44">
        <Skeleton className="size-6 rounded-full sm:w-28" />
      </span>
    );
  }

  const leave = (): void =>
    void signOut().catch((error: unknown) =>
      toast.add({
        tone: "danger",
        title: "You are still signed in",
        description: error instanceof ApiError ? `${error.message} ${error.action ?? ""}` : "Signing out failed.",
        action: { label: "Try again", onPress: leave },
      }),
    );

  return (
    <div className="flex justify-end sm:w-44">
      <Menu
        label="Account"
        align="end"
        header={
          <>
            <p className="text-sm font-semibold wrap-anywhere">{user.name}</p>
            <p className="text-xs text-muted">
              {roleLabels[user.role]}
              {mode === "rehearsal" ? " · rehearsal" : null}
            </p>
          </>
        }
        trigger={
          <Button
            variant="ghost"
            loading={isPending}
            iconEnd={<ChevronDown aria-hidden="true" className="text-faint max-sm:hidden" />}
            className="px-1.5"
          >
            <span
              aria-hidden="true"
              className="inline-flex size-6 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent"
            >
              {initials(user.name)}
            </span>
            <span className="sr-only">Account: </span>
            <span className="max-w-28 truncate text-ink max-sm:sr-only">{user.name}</span>
            <span className="sr-only">, {roleLabels[user.role]}</span>
          </Button>
        }
        entries={[
          { kind: "link", label: "Account and sessions", icon: <UserRound />, href: "/account" },
          ...(user.role === "admin"
            ? [{ kind: "link" as const, label: "People", icon: <Users />, href: "/people" }]
            : []),
          { kind: "separator" },
          {
            label: mode === "rehearsal" ? "Sign out or change persona" : "Sign out",
            icon: <LogOut />,
            onSelect: leave,
          },
        ]}
      />
    </div>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => Array.from(word ?? "")[0] ?? "",
  );
  return letters.join("").toUpperCase();
}
