/** The compartment last used for a new vault, by tenancy: in this browser, until signing out clears it. */
const keyOf = (tenancy: string) => `ovc-compartment:${tenancy}`;

/** Empty when none was used, or the browser keeps nothing. */
export function lastCompartment(tenancy: string): string {
  try {
    return localStorage.getItem(keyOf(tenancy)) ?? "";
  } catch {
    return "";
  }
}

/** Keeps it for the next form. */
export function rememberCompartment(tenancy: string, compartment: string): void {
  try {
    localStorage.setItem(keyOf(tenancy), compartment);
  } catch {
    // A browser that keeps nothing: the next form asks again.
  }
}
