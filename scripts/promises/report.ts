/** What test reports say about promises. */
import { relative } from "node:path";
import { elsewhere, promises } from "./list.ts";

/** One group of tests of one promise. */
export interface Finding {
  readonly promise: number;
  readonly title: string;
  readonly cases: number;
  readonly isKept: boolean;
}

/** The part of vitest's JSON report that is read. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { ancestorTitles: readonly string[]; status: string }[];
  }[];
}

interface BrowserSuite {
  readonly suites?: readonly BrowserSuite[];
  readonly specs?: readonly { title: string; ok: boolean; tests: readonly { status: string }[] }[];
}

const titlePattern = /^P(\d+): (.*)$/s;

/**
 * Cases a title tells of in its last brackets: those of the part that says `cases` (`1,500 cases`, `50 × 3 × 2 cases`), else of all
 * parts together (`3 valid, 24 malformed`), a part with `×` being a product (`6 triggers × 13 routes`); null when it tells of none.
 */
export function casesIn(title: string): number | null {
  const inBrackets = [...title.matchAll(/\(([^()]*)\)/g)].at(-1)?.[1] ?? "";
  const parts = inBrackets.replace(/(\d),(?=\d{3})/g, "$1").split(", ");
  const count = (part: string) => part.split("×").reduce((product, each) => product * Number.parseInt(each, 10), 1);
  const said = parts.find((part) => /cases?$/.test(part));
  const cases = said === undefined ? parts.reduce((sum, part) => sum + count(part), 0) : count(said);
  return Number.isSafeInteger(cases) ? cases : null;
}

/** Findings of a vitest run; a file that does not load is a miss of the promise its name or the table tells of. */
export function readVitestReport(report: VitestReport, root: string): Finding[] {
  const findings: Finding[] = [];
  for (const file of report.testResults) {
    const path = relative(root, file.name).replaceAll("\\", "/");
    const groups = Map.groupBy(file.assertionResults, (test) => test.ancestorTitles[0] ?? "");
    const areWell = (tests: readonly { status: string }[]) => tests.every((test) => test.status === "passed");
    for (const [title, tests] of groups) {
      const [, number, what = ""] = titlePattern.exec(title) ?? [];
      if (number === undefined) continue;
      const cases = casesIn(title) ?? tests.length;
      findings.push({ promise: Number(number), title: what, cases, isKept: areWell(tests) });
    }
    for (const [promise, paths] of elsewhere) {
      if (!paths.includes(path)) continue;
      const tests = file.assertionResults.filter((test) => !titlePattern.test(test.ancestorTitles[0] ?? ""));
      if (tests.length > 0) findings.push({ promise, title: path, cases: tests.length, isKept: areWell(tests) });
      if (file.assertionResults.length === 0)
        findings.push({ promise, title: `${path} did not load`, cases: 0, isKept: false });
    }
    const named = /tests\/promises\/p(\d+)/.exec(path)?.[1];
    const isBroken = file.status !== "passed" && !file.assertionResults.some((test) => test.status === "failed");
    if (named !== undefined && isBroken)
      findings.push({ promise: Number(named), title: `${path} did not load`, cases: 0, isKept: false });
  }
  return findings;
}

/** Findings of a Playwright run: each spec, or the suite around it, is called `P23: …`. */
export function readBrowserReport(suite: BrowserSuite): Finding[] {
  const inner = (suite.suites ?? []).flatMap(readBrowserReport);
  const own = (suite.specs ?? []).flatMap((spec) => {
    const [, number, what = ""] = titlePattern.exec(spec.title) ?? [];
    if (number === undefined) return [];
    const isKept = spec.ok && spec.tests.every((test) => test.status === "expected");
    return [{ promise: Number(number), title: what, cases: casesIn(spec.title) ?? 1, isKept }];
  });
  return [...inner, ...own];
}

export interface PromiseTable {
  readonly rows: readonly (readonly string[])[];
  readonly results: readonly { promise: string; what: string; cases: number; result: string }[];
  readonly kept: number;
}

/** One row for every promise asked for; one without a test is a miss. */
export function tableOf(findings: readonly Finding[], wanted: readonly number[]): PromiseTable {
  const results = wanted.map((number) => {
    const mine = findings.filter((each) => each.promise === number);
    const missed = mine.filter((each) => !each.isKept);
    const result = mine.length === 0 ? "NO TEST" : missed.length === 0 ? "kept" : "MISSED";
    const details = missed.map((each) => each.title).join("; ");
    return {
      promise: `P${number}`,
      what: promises.get(number) ?? "",
      cases: mine.reduce((sum, each) => sum + each.cases, 0),
      result: details === "" ? result : `${result}: ${details}`,
    };
  });
  const format = new Intl.NumberFormat("en-GB");
  const body = results.map((each) => [each.promise, each.what, format.format(each.cases).padStart(7), each.result]);
  return {
    rows: [["", "what", "  cases", "result"], ...body],
    results,
    kept: results.filter((each) => each.result === "kept").length,
  };
}
