/** Whether the console had several tenancies at the last visit, so that their column has its place before the first answer. */
export const tenanciesCookie = "ovc-tenancies";

/** The cookie's word; on a first visit the rehearsal, which has two, is what there is. */
export function hadTenancies(value: string | undefined, isRehearsal: boolean): boolean {
  return value === undefined ? isRehearsal : value === "many";
}

/** Keeps it for the next visit. */
export function rememberTenancies(hasMany: boolean): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the server reads it for the very first picture of the page
  document.cookie = `${tenanciesCookie}=${hasMany ? "many" : "one"}; path=/; max-age=31536000; samesite=lax`;
}
