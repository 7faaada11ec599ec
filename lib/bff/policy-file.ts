/** Reads the company's policy (guard rails, scopes, masking) from its file; what is wrong with it is said with its line. */
import { readFileSync } from "node:fs";
import { isMap, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import type { GuardRail } from "#lib/contract/api.ts";
import { vaultTypes } from "#lib/contract/models.ts";
import { operationNames, operationRow } from "#lib/contract/operations.ts";
import type { Masking, Scope } from "./sight.ts";

/** A file that cannot be used. `message` has one line for each problem, each with the line of the file. */
export class PolicyFileError extends Error {
  override readonly name = "PolicyFileError";
}

const changing = operationNames.filter((name) => operationRow(name).writes && name !== "cancelVaultDeletion");
const text = z.string().min(1).max(300);
const texts = z.array(text).min(1).max(500);
const moment = z.iso.datetime({ offset: true, error: "is not a time like 2026-12-20T00:00:00Z" });

const Rail = z
  .strictObject({
    name: z.string().min(1).max(100),
    when: z
      .strictObject({
        tenancies: texts,
        regions: texts,
        compartments: texts,
        vaults: texts,
        types: z.array(z.enum(vaultTypes)).min(1),
        tags: z.record(text, z.string()),
      })
      .partial()
      .default({}),
    operations: z.array(z.enum(changing)).min(1).optional(),
    protect: z.literal(true).optional(),
    freeze: z.strictObject({ from: moment, until: moment }).optional(),
    minimumWaitDays: z.int().min(8).max(30).optional(),
    requireTags: texts.optional(),
    reasonMin: z.int().min(1).max(500).optional(),
    reasonPattern: text.refine(isPattern, "is not a regular expression").optional(),
    buckets: z
      .array(z.string().regex(/^[^/]+\/[^/]+$/, "is not namespace/bucket"))
      .min(1)
      .optional(),
  })
  .superRefine((rail, context) => {
    const { name: _, when: __, operations: ___, ...does } = rail;
    if (Object.values(does).every((each) => each === undefined))
      context.addIssue(
        "does nothing: it needs protect, freeze, minimumWaitDays, requireTags, reasonMin, reasonPattern or buckets",
      );
    if (rail.freeze !== undefined && Date.parse(rail.freeze.from) >= Date.parse(rail.freeze.until))
      context.addIssue({ code: "custom", path: ["freeze"], message: "ends before it begins" });
  });
const ScopeEntry = z
  .strictObject({
    name: z.string().min(1).max(100),
    roles: z.array(z.enum(["helpdesk", "operator"])).min(1),
    people: texts.optional(),
    groups: texts.optional(),
    tenancies: texts.optional(),
    compartments: texts.optional(),
  })
  .refine(({ tenancies, compartments }) => tenancies !== undefined || compartments !== undefined, {
    error: "names neither tenancies nor compartments, so nobody in it would see anything",
  });
const MaskingEntry = z.strictObject({
  endpoints: z.boolean().default(true),
  people: z.boolean().default(true),
  tags: z.array(text).max(100).default(["Oracle-Tags.CreatedBy"]),
});
const PolicyFile = z.strictObject({
  version: z.literal(1),
  rails: z.array(Rail).max(200).default([]),
  scopes: z.array(ScopeEntry).max(200).default([]),
  masking: MaskingEntry.prefault({}),
});

/** What a policy file says. */
export interface Policy {
  readonly rails: readonly GuardRail[];
  readonly scopes: readonly Scope[];
  readonly masking: Masking;
}

/** What holds without a file: no rails, everybody sees every vault, and the help desk sees no endpoints and no names. */
export const defaultPolicy: Policy = { rails: [], scopes: [], masking: MaskingEntry.parse({}) };

function isPattern(source: string): boolean {
  try {
    new RegExp(source, "u");
    return true;
  } catch {
    return false;
  }
}

/** The policy of a file's text. Throws PolicyFileError. */
export function parsePolicy(source: string): Policy {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true, strict: true });
  const at = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    throw new PolicyFileError(
      document.errors.map((error) => `line ${at(error.pos[0])}: ${error.message.split("\n")[0]}`).join("\n"),
    );
  }
  const parsed = PolicyFile.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (!parsed.success) {
    const lineOf = (path: readonly PropertyKey[]): number => {
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
        if (node?.range) return at(node.range[0]);
      }
      return 1;
    };
    const problems = parsed.error.issues.flatMap((issue) => {
      if (issue.code !== "unrecognized_keys")
        return [{ line: lineOf(issue.path), path: issue.path, what: issue.message }];
      const map = document.getIn(issue.path, true);
      return issue.keys.map((key) => {
        const pair = isMap(map) ? map.items.find((item) => String(item.key) === key) : undefined;
        const start = (pair?.key as { range?: [number, number, number] } | undefined)?.range?.[0];
        return {
          line: start === undefined ? lineOf(issue.path) : at(start),
          path: issue.path,
          what: `has no field ${key}`,
        };
      });
    });
    throw new PolicyFileError(
      problems.map(({ line, path, what }) => `line ${line}: ${path.join(".") || "the file"}: ${what}`).join("\n"),
    );
  }
  const { rails, scopes, masking } = parsed.data;
  requireDistinct("rails", rails);
  requireDistinct("scopes", scopes);
  return {
    rails: rails.map(({ freeze, ...rail }) => ({
      ...rail,
      ...(freeze === undefined ? {} : { freeze: { from: Date.parse(freeze.from), until: Date.parse(freeze.until) } }),
    })) as GuardRail[],
    scopes,
    masking,
  };
}

function requireDistinct(kind: string, list: readonly { readonly name: string }[]): void {
  const names = list.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new PolicyFileError(`two ${kind} are called ${JSON.stringify(twice)}`);
}

/** Reads a file. Throws PolicyFileError, for a file that cannot be read too. */
export function readPolicyFile(path: string): Policy {
  let source: string;
  try {
    source = readFileSync(path, "utf8");
  } catch (error) {
    throw new PolicyFileError(`it cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  return parsePolicy(source);
}
