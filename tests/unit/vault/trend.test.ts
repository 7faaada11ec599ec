import { describe, expect, it } from "vitest";
import { trendOf } from "#lib/vault/trend.ts";

describe("how a count went", () => {
  it("needs two points in time", () => {
    expect(trendOf([], 10, 10)).toBeNull();
    expect(trendOf([{ at: 1, value: 1 }], 10, 10)).toBeNull();
    expect(
      trendOf(
        [
          { at: 1, value: 1 },
          { at: 1, value: 2 },
        ],
        10,
        10,
      ),
    ).toBeNull();
  });

  it("spaces points by time and draws larger values higher", () => {
    const points = [
      { at: 0, value: 10 },
      { at: 30, value: 20 },
      { at: 40, value: 15 },
    ];
    expect(trendOf(points, 80, 10)).toEqual({ change: 5, spanMs: 40, line: "0.0,10.0 60.0,0.0 80.0,5.0" });
  });

  it("a count that never changed is a line in the middle", () => {
    const still = [
      { at: 0, value: 3 },
      { at: 5, value: 3 },
    ];
    expect(trendOf(still, 10, 8)).toEqual({ change: 0, spanMs: 5, line: "0.0,4.0 10.0,4.0" });
  });
});
