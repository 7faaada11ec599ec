import { describe, expect, it } from "vitest";
import { addressHeader, placeOf } from "#lib/bff/device.ts";

const place = (address: string) => placeOf(new Request("http://console/", { headers: { [addressHeader]: address } }));

describe("the place of an address", () => {
  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002::9", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:db8:1:2::", "2001:db8:1:2::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["1::2:3:4:5:6:7", "1:0:2:3::/64"],
    ["", ""],
    ["not an address", "not an address"],
  ])("%s is %s", (address, expected) => {
    expect(place(address)).toBe(expected);
  });
});
