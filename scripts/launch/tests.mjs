import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ensureBuilt } from "./build.mjs";
import { childEnv, isStopping, run } from "./children.mjs";
import { root } from "./root.mjs";
import { Stop, say } from "./say.mjs";

const bin = (path) => join(root, "node_modules", path);
const reports = join(root, ".cache", "reports");

function tool(node, entry, args, { env = {}, quiet = false } = {}) {
  return run(node.path, [bin(entry), ...args], {
    env: childEnv(
      { ...env, ...(process.stdout.isTTY && !quiet ? { FORCE_COLOR: process.env.FORCE_COLOR ?? "1" } : {}) },
      node.dir,
    ),
    capture: true,
    echo: !quiet,
  });
}

/** One step that passes or fails as a whole; its words are shown when it fails. */
async function step(name, work) {
  const since = Date.now();
  const { code, output } = await work();
  say(`${code === 0 ? "  ✓" : "  ✗"} ${name} (${((Date.now() - since) / 1000).toFixed(1)} s)`);
  if (code !== 0 && !isStopping()) process.stdout.write(`${output.trimEnd()}\n`);
  return { name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, failures: [] };
}

async function checkTypes(node) {
  const generated = await tool(node, "next/dist/bin/next", ["typegen"], { quiet: true });
  if (generated.code !== 0) return generated;
  return tool(node, "typescript/bin/tsc", ["--noEmit", "--pretty"], { quiet: true });
}

/** Format and lint, types, dead code. */
async function checkTree(node) {
  say("Checking format and lint, types, dead code…");
  return [
    await step("format and lint", () =>
      tool(node, "@biomejs/biome/bin/biome", ["check", "--error-on-warnings", "."], { quiet: true }),
    ),
    await step("types", () => checkTypes(node)),
    await step("dead code", () =>
      tool(node, "knip/bin/knip.js", ["--no-progress", "--treat-config-hints-as-errors"], { quiet: true }),
    ),
  ];
}

function readReport(name) {
  try {
    return JSON.parse(readFileSync(join(reports, name), "utf8"));
  } catch {
    return undefined;
  }
}

async function runVitest(node, name, filters) {
  const file = `${name}.json`;
  rmSync(join(reports, file), { force: true });
  const args = [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${join(reports, file)}`,
    "--passWithNoTests=false",
    ...filters,
  ];
  const { code } = await tool(node, "vitest/vitest.mjs", args);
  const report = readReport(file);
  const passed = report?.numPassedTests ?? 0;
  // A file that does not load has no failed test of its own, and an unhandled error none at all: the exit code has the last word.
  const failedFiles =
    report?.testResults?.filter(
      (result) => result.status === "failed" && result.assertionResults.every((test) => test.status !== "failed"),
    ).length ?? 0;
  const failed = (report?.numFailedTests ?? 0) + failedFiles;
  return { name, passed, failed: code !== 0 ? Math.max(failed, 1) : failed, failures: failuresOfVitest(report) };
}

/** What failed, a line each, for the end of the output: who reads only that has to know where to look. */
function failuresOfVitest(report) {
  return (report?.testResults ?? [])
    .filter((result) => result.status === "failed")
    .flatMap((result) => {
      const file = relative(root, result.name);
      const tests = result.assertionResults.filter((test) => test.status === "failed");
      if (tests.length === 0) return [`${file}: ${firstLine(result.message)}`];
      return tests.map((test) => `${file} › ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
    });
}

function failuresOfPlaywright(suites = []) {
  return suites.flatMap((suite) => [
    ...failuresOfPlaywright(suite.suites),
    ...(suite.specs ?? [])
      .filter((spec) => !spec.ok || spec.tests.some((test) => test.status === "skipped"))
      .map((spec) => {
        const error = spec.tests.flatMap((test) => test.results).find((result) => result.error)?.error;
        return `tests/browser/${spec.file}:${spec.line} › ${spec.title}: ${firstLine(error?.message ?? "did not run")}`;
      }),
  ]);
}

const firstLine = (text = "") => stripVTControlCharacters(text).trim().split("\n", 1)[0];

async function runBrowserTests(node, filters) {
  try {
    await ensureBuilt(node);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(error.message);
    return { name: "browser", passed: 0, failed: 1, failures: [] };
  }
  const browser = await run(node.path, [join(root, "scripts/chromium.ts")], {
    env: childEnv({}, node.dir),
    capture: true,
  });
  if (browser.code !== 0) {
    process.stderr.write(browser.output);
    return { name: "browser", passed: 0, failed: 1, failures: [] };
  }
  rmSync(join(reports, "browser.json"), { force: true });
  const { code } = await tool(node, "@playwright/test/cli.js", ["test", ...filters], {
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, "browser.json") },
  });
  const report = readReport("browser.json");
  const stats = report?.stats;
  const passed = (stats?.expected ?? 0) + (stats?.flaky ?? 0);
  const failed = (stats?.unexpected ?? 0) + (stats?.skipped ?? 0);
  return {
    name: "browser",
    passed,
    failed: code !== 0 ? Math.max(failed, 1) : failed,
    failures: failuresOfPlaywright(report?.suites),
  };
}

function kindsOfVitest() {
  return readdirSync(join(root, "tests"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["browser", "bench", "fixtures"].includes(entry.name))
    .map((entry) => entry.name);
}

/** `npm run check` and `npm test`: runs what is asked for, prints one closing line, and returns the exit code. */
export async function runTests(node, args, { only: defaults }) {
  const { only, rest } = readOnly(args);
  const known = ["check", "browser", ...kindsOfVitest()];
  if (only && !known.includes(only)) throw new Stop(`--only ${only}: there are ${known.join(", ")}.`, 2);
  mkdirSync(reports, { recursive: true });
  const wants = (name) => (only ? only === name : defaults.includes(name));
  const results = [];
  if (wants("check")) results.push(...(await checkTree(node)));
  if (!isStopping()) {
    if (only && kindsOfVitest().includes(only))
      results.push(await runVitest(node, only, [...(rest.length > 0 ? rest : [`tests/${only}/`])]));
    else if (!only && defaults.includes("vitest")) results.push(await runVitest(node, "all", rest));
    else if (!only && defaults.includes("unit") && existsSync(join(root, "tests/unit")))
      results.push(await runVitest(node, "unit", ["tests/unit/"]));
  }
  if (wants("browser") && !isStopping()) {
    say("Running the browser tests…");
    results.push(await runBrowserTests(node, only ? rest : []));
  }
  return close(results);
}

function readOnly(args) {
  const at = args.findIndex((arg) => arg === "--only" || arg.startsWith("--only="));
  if (at < 0) return { only: undefined, rest: args };
  const inline = args[at].startsWith("--only=");
  const only = inline ? args[at].slice("--only=".length) : args[at + 1];
  if (!only) throw new Stop("--only needs a name: unit, contract, browser, …", 2);
  return { only, rest: args.filter((_, index) => index !== at && (inline || index !== at + 1)) };
}

function close(results) {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  const failing = results.filter((result) => result.failed > 0).map((result) => result.name);
  if (failing.length > 0) say(`Failing: ${failing.join(", ")}.`);
  for (const failure of results.flatMap((result) => result.failures)) say(`  ✗ ${failure}`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed > 0 || passed === 0 ? 1 : 0;
}
