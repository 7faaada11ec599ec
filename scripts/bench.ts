// Behind `npm run bench`: runs tests/bench/*.bench.ts one after the other, prints one table and writes it as JSON.
// `npm run bench -- [name…] [--out FILE]`: only the files whose name contains one of the names; a copy of the JSON in FILE.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

/** One figure beside its limit or peer, both taken in the same run. `met` is null where there is no goal. */
export type Figure = {
  what: string;
  ours: number;
  unit: string;
  /** The limit's or peer's figure in the same unit; null when there is none. */
  peer: number | null;
  peerName: string;
  /** ours ÷ peer. */
  ratio: number | null;
  goal: string;
  met: boolean | null;
};

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

function format(value: number | null): string {
  if (value === null) return "–";
  return new Intl.NumberFormat("en-GB", { maximumSignificantDigits: Math.abs(value) >= 1000 ? 6 : 3 }).format(value);
}

function row(figure: Figure): string[] {
  const mark = figure.met === null ? "" : figure.met ? " ✓" : " ✗";
  const peer = figure.peer === null ? figure.peerName : `${format(figure.peer)} ${figure.unit} (${figure.peerName})`;
  return [figure.what, `${format(figure.ours)} ${figure.unit}`, peer, format(figure.ratio), `${figure.goal}${mark}`];
}

function print(figures: Figure[]): void {
  const rows = [["what", "ours", "limit or peer", "ratio", "goal"], ...figures.map(row)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  for (const [at, cells] of rows.entries()) {
    console.log(
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
    if (at === 0) console.log(widths.map((width) => "─".repeat(width)).join("  "));
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { out: { type: "string" } }, allowPositionals: true });
  const folder = join(root, "tests/bench");
  const files = readdirSync(folder)
    .filter(
      (name) =>
        name.endsWith(".bench.ts") && (positionals.length === 0 || positionals.some((wanted) => name.includes(wanted))),
    )
    .sort();
  if (files.length === 0) {
    console.error(
      `No bench is called that. There are: ${readdirSync(folder)
        .filter((name) => name.endsWith(".bench.ts"))
        .map((name) => name.replace(/\.bench\.ts$/, ""))
        .join(", ")}.`,
    );
    return 2;
  }
  const figures: Figure[] = [];
  const failures: string[] = [];
  for (const file of files) {
    console.error(`Measuring ${file.replace(/\.bench\.ts$/, "")}…`);
    try {
      const { bench } = (await import(pathToFileURL(join(folder, file)).href)) as { bench: () => Promise<Figure[]> };
      figures.push(...(await bench()));
    } catch (error) {
      failures.push(file);
      console.error(`${file} could not be measured:`, error);
    }
  }
  print(figures);
  const missed = figures.filter((figure) => figure.met === false).length;
  console.log(
    `${figures.length} figures, ${missed} short of the goal${failures.length > 0 ? `, ${failures.length} not measured (${failures.join(", ")})` : ""}`,
  );
  const machine = {
    node: process.versions.node,
    platform: platform(),
    arch: arch(),
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
  };
  const json = `${JSON.stringify({ takenAt: new Date().toISOString(), machine, figures, notMeasured: failures }, null, 2)}\n`;
  for (const path of [join(root, ".cache/bench.json"), ...(values.out ? [resolve(values.out)] : [])]) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, json);
  }
  return failures.length > 0 ? 1 : 0;
}

// Short of a goal is a figure to read, not an error: only what could not be measured fails.
process.exit(await main());
