import { describe, expect, it } from "vitest";
import { deletionCalendar } from "#lib/vault/ics.ts";

const event = {
  displayName: "payroll; keys, old\nline",
  region: "us-ashburn-1",
  compartmentPath: "Production / Payments",
  id: "ocid1.vault.oc1.iad.abcdefghijklm.abuwcljrnopqrstuvwxyz234567",
  deletionMs: Date.UTC(2027, 0, 30, 14, 0, 0),
};
const unfold = (text: string) => text.replaceAll("\r\n ", "");

describe("deletion dates as a calendar", () => {
  it("has an event at the moment of deletion, escaped, with a reminder", () => {
    const text = unfold(deletionCalendar([event], Date.UTC(2027, 0, 1)));
    expect(text).toContain("DTSTART:20270130T140000Z\r\n");
    expect(text).toContain("SUMMARY:Vault “payroll\\; keys\\, old\\nline” is deleted for good\r\n");
    expect(text).toContain("TRIGGER:-P2D");
    expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(1);
  });

  it("holds no whole OCID", () => {
    expect(deletionCalendar([event], 0)).not.toContain("ocid1.");
  });

  it("folds at 75 octets without cutting a character", () => {
    const text = deletionCalendar([{ ...event, displayName: "鍵の保管庫".repeat(40) }], 0);
    for (const line of text.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(unfold(text)).toContain("鍵の保管庫".repeat(40));
  });

  it("is a calendar when nothing is pending", () => {
    expect(deletionCalendar([], 0)).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*END:VCALENDAR\r\n$/);
  });
});
