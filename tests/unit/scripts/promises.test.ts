import { describe, expect, it } from "vitest";
import { casesIn, readBrowserReport, readVitestReport, tableOf } from "../../../scripts/promises/report.ts";

const root = "/product";
const file = (name: string, status: string, tests: readonly (readonly [string, string])[]) => ({
  name: `${root}/${name}`,
  status,
  assertionResults: tests.map(([title, result]) => ({ ancestorTitles: [title], status: result })),
});

describe("the table of promises", () => {
  it.each([
    ["hostile cookies (1,564 cases)", 1564],
    ["destructive operations (5 operations × 3 ages, 15 cases)", 15],
    ["revocation (6 triggers × 13 routes × 2 instances)", 156],
    ["no cut body (50 × 3 × 2 cases)", 300],
    ["files (1,000 whole and 1,000 bent files, 2000 cases)", 2000],
    ["every spelling (20 ways × 2,646 cells)", 52_920],
    ["cloud data is text (200 texts)", 200],
    ["logout (3 valid, 24 malformed)", 27],
    ["a race (50-way race)", 50],
    ["without a number (as stated)", null],
    ["34 bad configurations refuse to start", null],
  ])("reads the cases of “%s”", (title, cases) => {
    expect(casesIn(title)).toBe(cases);
  });

  it("keeps a promise only when all of its tests passed", () => {
    const findings = readVitestReport(
      {
        testResults: [
          file("tests/promises/p05-a.test.ts", "passed", [["P5: cookies (10 cases)", "passed"]]),
          file("tests/promises/p06-a.test.ts", "failed", [
            ["P6: keys", "passed"],
            ["P6: keys", "failed"],
          ]),
          file("tests/promises/p07-a.test.ts", "failed", []),
          file("tests/promises/p08-a.test.ts", "passed", [["P8: passwords", "skipped"]]),
          file("tests/store/trail.test.ts", "passed", [["the trail", "passed"]]),
        ],
      },
      root,
    );
    const { results, kept } = tableOf(findings, [5, 6, 7, 8, 9, 41]);
    expect(results.map((each) => [each.promise, each.cases, each.result.split(":")[0]])).toEqual([
      ["P5", 10, "kept"],
      ["P6", 2, "MISSED"],
      ["P7", 0, "MISSED"],
      ["P8", 1, "MISSED"],
      ["P9", 0, "NO TEST"],
      ["P41", 1, "kept"],
    ]);
    expect(kept).toBe(2);
  });

  it("reads the browser's report", () => {
    const spec = (title: string, ok: boolean, status: string) => ({ title, ok, tests: [{ status }] });
    const report = {
      suites: [
        {
          specs: [spec("P23: sinks (14 cases)", true, "expected")],
          suites: [{ specs: [spec("P27: gone", true, "skipped"), spec("other", false, "unexpected")] }],
        },
      ],
    };
    expect(readBrowserReport(report)).toEqual([
      { promise: 27, title: "gone", cases: 1, isKept: false },
      { promise: 23, title: "sinks (14 cases)", cases: 14, isKept: true },
    ]);
  });
});
