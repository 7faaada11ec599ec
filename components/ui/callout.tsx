import { CircleAlert, CircleCheck, Clock, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { type Tone, toneText, toneWash } from "./tone.ts";

const toneIcon: Record<Tone, ReactNode> = {
  ok: <CircleCheck aria-hidden="true" />,
  info: <Info aria-hidden="true" />,
  warn: <TriangleAlert aria-hidden="true" />,
  danger: <CircleAlert aria-hidden="true" />,
  neutral: <Info aria-hidden="true" />,
  pending: <Clock aria-hidden="true" />,
};

export interface CalloutProps {
  tone?: Tone;
  title: ReactNode;
  /** The rest: what follows from it, what to do. */
  children?: ReactNode;
  /** A button or link. */
  action?: ReactNode;
  icon?: ReactNode;
  /** It appeared because of something that just happened: `alert` interrupts, `status` waits its turn. */
  role?: "alert" | "status";
  className?: string;
}

/** Something one must know before going on, in its place on the page. */
export function Callout({ tone = "info", title, children, action, icon, role, className }: CalloutProps) {
  return (
    <div
      role={role}
      className={cn(
        "flex items-start gap-3 rounded-lg border px-3.5 py-3",
        action ? "max-sm:flex-wrap" : undefined,
        toneWash[tone],
        className,
      )}
    >
      <span className={cn("mt-0.5 shrink-0 [&_svg]:size-4", toneText[tone])}>{icon ?? toneIcon[tone]}</span>
      <div className={cn("min-w-0 flex-1", action ? "max-sm:basis-[calc(100%-1.75rem)]" : undefined)}>
        <p className="text-sm font-semibold">{title}</p>
        {children ? <div className="mt-0.5 text-sm text-pretty text-muted">{children}</div> : null}
      </div>
      {action ? <div className="flex shrink-0 flex-wrap gap-2 max-sm:basis-full">{action}</div> : null}
    </div>
  );
}

export interface BannerProps {
  tone?: Tone;
  /** Name of the strip for screen readers: "Rehearsal". */
  label: string;
  children: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
  role?: "alert" | "status";
}

/** One slim line across the whole window: a fact about everything below it. */
export function Banner({ tone = "neutral", label, children, action, icon, role }: BannerProps) {
  return (
    <aside aria-label={label} className={cn("border-b", toneWash[tone])}>
      <div
        role={role}
        className="flex min-h-8 flex-wrap items-center justify-center gap-x-3 px-3 py-0.5 text-center text-xs"
      >
        <span className="inline-flex items-center gap-1.5 text-ink [&_svg]:size-3.5 [&_svg]:shrink-0">
          <span className={cn("inline-flex", toneText[tone])}>{icon ?? toneIcon[tone]}</span>
          <span>{children}</span>
        </span>
        {action}
      </div>
    </aside>
  );
}
