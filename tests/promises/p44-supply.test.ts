// P44: what the product is made of: exact, few, checked by digest, none below the version that mended what we know of, and none
// that runs anything when it is installed. That the build has no doors of Next's own is checked by every build (scripts/check-build.ts).
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(resolve(root, file), "utf8");
const manifest = JSON.parse(read("package.json"));
const lock: { packages: Record<string, { version?: string; integrity?: string; resolved?: string; link?: boolean }> } =
  JSON.parse(read("package-lock.json"));
const direct: Record<string, string> = { ...manifest.dependencies, ...manifest.devDependencies };

/** No lower than these: below them is a hole that has a number, or behaviour a promise stands on. */
const floors: Readonly<Record<string, string>> = {
  next: "16.2.6",
  react: "19.2.1",
  "react-dom": "19.2.1",
  undici: "7.18.2",
  "openid-client": "6.1.0",
  jose: "6.0.0",
  "iron-session": "8.0.4",
  zod: "4.0.0",
  pg: "8.16.0",
};

function isBelow(version: string, floor: string): boolean {
  const [a, b] = [version, floor].map((each) => each.split(".").map(Number));
  for (let index = 0; index < 3; index += 1) {
    const [left = 0, right = 0] = [a?.[index], b?.[index]];
    if (left !== right) return left < right;
  }
  return false;
}

describe("P44: supply (6 cases)", () => {
  it("fifteen packages at run time at most, all of them pinned exactly", () => {
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(15);
    for (const [name, version] of Object.entries(direct)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it("the lock file has a digest for everything and no address of anybody", () => {
    const entries = Object.entries(lock.packages).filter(([path, entry]) => path !== "" && entry.link !== true);
    expect(entries.length).toBeGreaterThan(100);
    expect(entries.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? "")).map(([path]) => path)).toEqual([]);
    expect(entries.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  it("the lock file is of this manifest", () => {
    for (const [name, version] of Object.entries(direct))
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
  });

  it("no version below its floor, nested ones included", () => {
    const below = Object.entries(lock.packages).filter(([path, { version = "0.0.0" }]) => {
      const floor = floors[path.replace(/^.*node_modules\//, "")];
      return floor !== undefined && isBelow(version, floor);
    });
    expect(below.map(([path, { version }]) => `${path} ${version}`)).toEqual([]);
    expect(isBelow("15.2.2", "16.0.7") && !isBelow("16.0.7", "16.0.7") && !isBelow("16.10.0", "16.9.9")).toBe(true);
  });

  it("installing runs no script of any package", () => {
    expect(read("scripts/launch/install.mjs")).toContain('"--ignore-scripts"');
    expect(read("scripts/launch/install.mjs")).toMatch(/"ci"/);
    for (const name of ["preinstall", "install", "postinstall", "prepare"])
      expect(manifest.scripts[name], name).toBeUndefined();
    expect(Object.values(manifest.allowScripts ?? {}).filter((allowed) => allowed === true)).toEqual([]);
  });

  it("what it is made of can be listed for whoever has to", () => {
    expect(manifest.scripts.sbom).toMatch(/^npm sbom .*cyclonedx.*--package-lock-only/);
    const version = execFileSync("npm", ["--version"], { encoding: "utf8" }).trim();
    // The npm that comes with the oldest Node we run on cannot do it yet; the script is for whoever ships the product.
    if (isBelow(version, "10.2.0")) return;
    const list = JSON.parse(
      execFileSync("npm", ["run", "-s", "sbom"], { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 ** 2 }),
    );
    expect(list.bomFormat).toBe("CycloneDX");
    const names = new Set(list.components.map(({ name }: { name: string }) => name));
    for (const name of Object.keys(manifest.dependencies)) expect(names, name).toContain(name);
  });
});
