import { cn } from "./cn.ts";

/** A grey bar where words will be. Give it the size of what comes, so that nothing moves. Decorative: the region says it is loading. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cn("block h-3.5 animate-breathe rounded-sm bg-press", className)} />;
}
