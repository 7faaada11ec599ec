// Behind `npm run promises`: runs the mechanical test of every promise, prints one table, exits 1 on any miss.
// `npm run promises -- [P21 P22 …] [--full] [--json FILE]`: only those promises; at the size they state; the table as JSON too.
// A test belongs to a promise by the title of its outer describe (in the browser: its own), `P21: … (60 cases)`.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { elsewhere, promises } from "./promises/list.ts";
import { type Finding, readBrowserReport, readVitestReport, tableOf } from "./promises/report.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const reports = join(root, ".cache", "reports");
const browserSpecs = [
  "tests/browser/promises.spec.ts",
  "tests/browser/promises-routes.spec.ts",
  "tests/browser/promises-load.spec.ts",
  "tests/browser/promises-crash.spec.ts",
  "tests/browser/promises-secrets.spec.ts",
];

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { full: { type: "boolean", default: false }, json: { type: "string" } },
    allowPositionals: true,
  });
  const wanted = positionals.length === 0 ? [...promises.keys()] : positionals.map(readNumber);
  mkdirSync(reports, { recursive: true });
  const env = { ...process.env, PROMISES_FULL: values.full ? "1" : "" };
  const findings = [...(await runVitest(wanted, env)), ...(await runBrowser(wanted, env))];
  const table = tableOf(
    findings.filter((each) => wanted.includes(each.promise)),
    wanted,
  );
  const widths = [0, 1, 2].map((column) => Math.max(...table.rows.map((row) => row[column]?.length ?? 0)));
  process.stdout.write("\n");
  for (const row of table.rows) {
    process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}\n`);
  }
  process.stdout.write(
    `${table.kept} of ${wanted.length} promises kept${values.full ? ", at full size" : "; `-- --full` tries them at the size they state"}\n`,
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(table.results, null, 2)}\n`);
  return table.kept === wanted.length ? 0 : 1;
}

function readNumber(text: string): number {
  const number = Number(text.replace(/^P/i, ""));
  if (promises.has(number)) return number;
  throw new Error(`There is no promise ${text}; they are P1 to P${promises.size}.`);
}

async function runVitest(wanted: readonly number[], env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const report = join(reports, "promises.json");
  rmSync(report, { force: true });
  const isAll = wanted.length === promises.size;
  const own = isAll
    ? ["tests/promises/"]
    : wanted.map((number) => `tests/promises/p${String(number).padStart(2, "0")}`);
  const others = wanted.flatMap((number) => elsewhere.get(number) ?? []);
  const code = await run(env, [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--passWithNoTests",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...new Set([...own, ...others]),
  ]);
  const findings = existsSync(report) ? readVitestReport(JSON.parse(readFileSync(report, "utf8")), root) : [];
  const isExplained = code === 0 || findings.some((each) => !each.isKept);
  return isExplained ? findings : [...findings, ...unexplained(wanted, "the test run ended with an error")];
}

async function runBrowser(wanted: readonly number[], env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const text = browserSpecs.map((spec) => readFileSync(join(root, spec), "utf8")).join("\n");
  const inBrowser = wanted.filter((number) => new RegExp(`[\`"]P${number}: `).test(text));
  if (inBrowser.length === 0) return [];
  const report = join(reports, "promises-browser.json");
  rmSync(report, { force: true });
  await run({ ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report }, [
    "node_modules/@playwright/test/cli.js",
    "test",
    ...browserSpecs,
    "--grep",
    `P(${inBrowser.join("|")}): `,
  ]);
  if (!existsSync(report)) return unexplained(inBrowser, "the browser tests could not be run");
  return readBrowserReport(JSON.parse(readFileSync(report, "utf8")));
}

function unexplained(wanted: readonly number[], why: string): Finding[] {
  return wanted.map((promise) => ({ promise, title: why, cases: 0, isKept: false }));
}

function run(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<number | null> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", 2, 2] });
    child.on("error", fail).on("close", done);
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
