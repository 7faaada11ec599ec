/** Where to go after signing in: a path of this console, never another site's address. */
export function readReturnPath(next: string | null): string {
  if (!next?.startsWith("/") || next.startsWith("//") || next.includes("\\") || next.startsWith("/sign-in")) {
    return "/vaults";
  }
  return next;
}

/** The sign-in page with the way back. */
export function signInPath(from: string): string {
  return from === "/" || from.startsWith("/sign-in") ? "/sign-in" : `/sign-in?next=${encodeURIComponent(from)}`;
}
