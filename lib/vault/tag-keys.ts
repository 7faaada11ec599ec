/** Keys of tags. Pure. */

/** Whether two keys (`key`, or `namespace.key`) are one to OCI, which pays no regard to capitals. */
export function isSameTagKey(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
