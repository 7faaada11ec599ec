/** Where a request comes from, in words for a list and as a key for counting. */

import { isIP } from "node:net";

/** Header of the front door that carries the network address of the person; from outside it is dropped. */
export const addressHeader = "x-ovc-address";

/** The person's network address; empty when nobody said. */
export function addressOf(request: Request): string {
  return request.headers.get(addressHeader) ?? "";
}

/**
 * The place a person's address stands for, as a key for counting: of IPv6 the first 64 bits, for one customer has that many
 * addresses and more; of IPv4 the address.
 */
export function placeOf(request: Request): string {
  const address = addressOf(request).replace(/^::ffff:(?=[0-9]+[.])/i, "");
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0");
  const groups = tail === undefined ? before : [...before, ...zeros, ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}

const browsers: readonly [RegExp, string][] = [
  [/\bEdg(?:A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\b(?:Headless)?Chrome\/|\bCriOS\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const systems: readonly [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** Browser and system as a person would say them. What the browser says of itself is not kept or shown as it came. */
export function deviceWords(agent: string): string {
  const find = (table: readonly [RegExp, string][]) => table.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = find(browsers);
  const system = find(systems);
  if (browser === undefined && system === undefined) return "Unknown browser";
  return system === undefined ? `${browser}` : `${browser ?? "Browser"} on ${system}`;
}
