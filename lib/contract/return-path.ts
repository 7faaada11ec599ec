/** Where to go after signing in: a page of this console, whatever somebody wrote into the address. Pure. */

/** Of what a URL parser drops or turns round (tabs, line ends, backslashes, dots, empty segments), nothing is let through. */
export function readReturnPath(next: string | null | undefined): string {
  const home = "/vaults";
  if (next == null || !/^\/[^\s\\\p{C}]*$/u.test(next)) return home;
  const [path = ""] = next.split(/[?#]/, 1);
  const isPlain = !path.includes("//") && !path.split("/").some((segment) => segment === "." || segment === "..");
  // The page that ends a sign-in in another tab is one; the sign-in page itself would lead nowhere.
  return isPlain && path !== "/sign-in" && !/^\/api(\/|$)/.test(path) ? next : home;
}
