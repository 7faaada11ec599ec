/** The compartment last used for a new vault, by tenancy: kept in this tab, and gone with it or with signing out. */
const keyOf = (tenancy: string) => `ovc-compartment:${tenancy}`;

/** Empty when none was used, or the browser keeps nothing. */
export function lastCompartment(tenancy: string): string {
  try {
    return sessionStorage.getItem(keyOf(tenancy)) ?? "";
  } catch {
    return "";
  }
}

/** Keeps it for the next form. */
export function rememberCompartment(tenancy: string, compartment: string): void {
  try {
    sessionStorage.setItem(keyOf(tenancy), compartment);
  } catch {
    // A browser that keeps nothing: the next form asks again.
  }
}

/** The server's Clear-Site-Data does the same where the browser heeds it; over plain http away from loopback none does. */
export function forgetCompartments(): void {
  try {
    sessionStorage.clear();
  } catch {
    // Nothing was kept.
  }
}
