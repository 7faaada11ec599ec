/** The sign-in page with the way back. */
export function signInPath(from: string): string {
  return from === "/" || from.startsWith("/sign-in") ? "/sign-in" : `/sign-in?next=${encodeURIComponent(from)}`;
}
