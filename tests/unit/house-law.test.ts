import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// biome.json is the house law: here each import direction is broken on purpose, in a copy, and has to be refused with words that say where to go.

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** A file of each room: the code it may contain, and the code it may not, with words the refusal must hold. */
const rooms: Record<string, { may: string[]; mayNot: Record<string, string> }> = {
  "lib/contract/probe.ts": {
    may: ['import "zod";', 'import "./other.ts";'],
    mayNot: {
      'import "#lib/oci/client.ts";': "knows nobody",
      'import "../oci/client.ts";': "knows nobody",
      'import "node:fs";': "knows nobody",
      'import "react";': "knows nobody",
    },
  },
  "lib/vault/probe.ts": {
    may: ['import "#lib/contract/models.ts";', 'import "./other.ts";'],
    mayNot: {
      'import "#lib/bff/policy.ts";': "pure knowledge",
      'import "react";': "pure knowledge",
      'import "node:crypto";': "pure knowledge",
    },
  },
  "lib/oci/probe.ts": {
    may: [
      'import "node:crypto";',
      'import "undici";',
      'import "#lib/contract/models.ts";',
      'await import("oci-common");',
    ],
    mayNot: {
      'import "#lib/bff/policy.ts";': "passed in by lib/bff",
      'import "../store/sessions.ts";': "passed in by lib/bff",
      'import "#emulator/respond.ts";': "speaks to Oracle",
    },
  },
  "lib/store/probe.ts": {
    may: ['import "node:sqlite";', 'import "kysely";'],
    mayNot: { 'import "#lib/contract/models.ts";': "knows no wire", 'import "#lib/bff/policy.ts";': "in lib/bff" },
  },
  "lib/bff/probe.ts": {
    may: [
      'import "#lib/oci/client.ts";',
      'import "#lib/store/sessions.ts";',
      'import "#lib/vault/lifecycle.ts";',
      'import "next/headers";',
    ],
    mayNot: {
      'import "#lib/browser/ask.ts";': "draws nothing",
      'import "#components/ui/button.tsx";': "draws nothing",
      'import "undici";': "leave through lib/oci",
      'import "#emulator/respond.ts";': "over HTTP",
      'import "../../emulator/respond.ts";': "over HTTP",
      'await fetch("https://example.com");': "global variable fetch",
      "export const home = process.env.HOME;": "",
    },
  },
  "lib/bff/config.ts": { may: ["export const home = process.env.HOME;"], mayNot: {} },
  "lib/browser/probe.ts": {
    may: ['import "@tanstack/react-query";', 'import "#lib/contract/models.ts";', 'await fetch("/api/health");'],
    mayNot: {
      'import "#lib/bff/policy.ts";': "belongs in lib/bff",
      'import "#components/ui/button.tsx";': "drawing in components/",
    },
  },
  "components/ui/probe.tsx": {
    may: ['import "@base-ui/react/dialog";', 'import "./other.tsx";', 'import "next/link";'],
    mayNot: {
      'import "#lib/contract/models.ts";': "knows no vault",
      'import "#components/vaults/vault-row.tsx";': "knows no vault",
      'import "../vaults/vault-row.tsx";': "knows no vault",
      "export default function probe() {}": "",
    },
  },
  "components/vaults/probe.tsx": {
    may: [
      'import "#components/ui/button.tsx";',
      'import "#lib/browser/ask.ts";',
      'import "#lib/vault/lifecycle.ts";',
      'import "./other.tsx";',
    ],
    mayNot: {
      'import "#components/shell/header.tsx";': "meet in the page",
      'import "#lib/bff/policy.ts";': "Ask the server through lib/browser",
      'import "node:fs";': "Ask the server through lib/browser",
      'import "#emulator/respond.ts";': "cannot know which service",
      'export const ask = () => fetch("/api/health");': "global variable fetch",
    },
  },
  "app/vaults/page.tsx": {
    may: ['import "#components/vaults/vault-row.tsx";', 'import "next/headers";', "export default function Page() {}"],
    mayNot: {
      'import "#lib/bff/policy.ts";': "behind a route in app/api",
      'import "#lib/oci/client.ts";': "behind a route in app/api",
      'import "#emulator/respond.ts";': "cannot know which service",
    },
  },
  "app/(sign-in)/probe/page.tsx": {
    may: ['import "#components/session/sign-in-form.tsx";', 'import "#lib/bff/runtime.ts";'],
    mayNot: {
      'import "#lib/bff/policy.ts";': "behind a route in app/api",
      'import "#lib/store/sessions.ts";': "behind a route in app/api",
      'import "#emulator/respond.ts";': "cannot know which service",
    },
  },
  "app/api/probe/route.ts": {
    may: ['import "#lib/bff/policy.ts";', 'import "next/server";'],
    mayNot: {
      'import "#lib/oci/client.ts";': "nothing below it",
      'import "#lib/store/sessions.ts";': "nothing below it",
      'import "#components/ui/button.tsx";': "nothing below it",
      'import "#emulator/respond.ts";': "over HTTP",
    },
  },
  "emulator/operations/probe.ts": {
    may: ['import "node:http";', 'import "../world.ts";', 'import "#lib/contract/models.ts";'],
    mayNot: {
      'import "#lib/oci/client.ts";': "nothing else",
      'import "../../lib/oci/client.ts";': "nothing else",
      'import "react";': "nothing else",
      "export const home = process.env.HOME;": "",
    },
  },
  "server.ts": {
    may: ['import "next";', 'import "#lib/bff/config.ts";'],
    mayNot: { 'import "#emulator/respond.ts";': "over HTTP", 'import "./emulator/respond.ts";': "over HTTP" },
  },
  "tests/unit/probe.test.ts": {
    may: ['import "#emulator/respond.ts";', 'import "#lib/oci/client.ts";', 'await fetch("");'],
    mayNot: {},
  },
};

const rules = ["noRestrictedImports", "noRestrictedGlobals", "noProcessEnv", "noDefaultExport"].map(
  (rule) => `lint/style/${rule}`,
);

type Diagnostic = {
  category: string;
  message: string;
  location: { path: string; start: { line: number } };
};

describe("the house law", () => {
  let folder: string;
  let diagnostics: Diagnostic[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "house-law-"));
    for (const name of ["biome.json", "package.json"]) copyFileSync(join(root, name), join(folder, name));
    for (const [path, { may, mayNot }] of Object.entries(rooms)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${[...may, ...Object.keys(mayNot)].join("\n")}\n`);
    }
    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const args = [biome, "lint", "--vcs-enabled=false", "--reporter=json", "--max-diagnostics=none", "."];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 });
    diagnostics = (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics.filter(({ category }) =>
      rules.includes(category),
    );
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const [path, { may, mayNot }] of Object.entries(rooms)) {
    const refusalsOf = (line: number) =>
      diagnostics
        .filter(({ location }) => location.path === path && location.start.line === line)
        .map(({ message }) => message);

    for (const [at, code] of may.entries()) {
      test(`${path} may: ${code}`, () => expect(refusalsOf(at + 1)).toEqual([]));
    }
    for (const [at, [code, words]] of Object.entries(mayNot).entries()) {
      test(`${path} may not: ${code}`, () =>
        expect(refusalsOf(may.length + at + 1).join("\n")).toMatch(new RegExp(words ? words : ".")));
    }
  }
});
