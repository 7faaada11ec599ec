import { ociError } from "#lib/contract/errors.ts";
import { wireTime } from "../answers.ts";
import type { Rule } from "../call.ts";
import { contentAt, findBucket } from "../objects.ts";
import type { ObjectContent, ObjectRecord } from "../records.ts";

const knownFields = ["name", "size", "etag", "md5", "timeCreated", "timeModified", "storageTier", "archivalState"];

/** By name in byte order; pages by `nextStartWith`. Only `name` unless `fields` asks for more. */
export const listObjects: Rule<"listObjects"> = (call) => {
  const { world, params, now } = call;
  const { prefix = "", start = "", end, startAfter, delimiter, limit = 1000 } = params;
  const bucket = findBucket(call);
  const fields = (params.fields ?? "name").split(",");
  const unknown = fields.find((field) => !knownFields.includes(field));
  if (unknown !== undefined) throw ociError("InvalidParameter", `fields: ${unknown} is not a field of an object.`);
  if (delimiter !== undefined && delimiter !== "/")
    throw ociError("InvalidParameter", "delimiter: only / is supported.");

  const named = new Map<string, { object: ObjectRecord; content: ObjectContent }>();
  for (const object of world.group("object", `objects:${bucket.id}`)) {
    const content = contentAt(object, now);
    const { name } = object;
    const isAsked =
      name.startsWith(prefix) &&
      name >= start &&
      (end === undefined || name < end) &&
      (startAfter === undefined || name > startAfter);
    if (content !== undefined && isAsked) named.set(name, { object, content });
  }
  const objects: Record<string, unknown>[] = [];
  const prefixes = new Set<string>();
  let nextStartWith: string | null = null;
  for (const name of [...named.keys()].sort()) {
    const found = named.get(name);
    if (found === undefined) continue;
    const cut = delimiter === undefined ? -1 : name.indexOf(delimiter, prefix.length);
    const folder = cut < 0 ? undefined : name.slice(0, cut + 1);
    if (folder !== undefined && prefixes.has(folder)) continue;
    if (objects.length + prefixes.size >= limit) {
      nextStartWith = name;
      break;
    }
    if (folder === undefined) objects.push(objectRow(found.object, found.content, fields));
    else prefixes.add(folder);
  }
  return { json: { objects, prefixes: [...prefixes], nextStartWith } };
};

function objectRow(object: ObjectRecord, content: ObjectContent, fields: readonly string[]): Record<string, unknown> {
  const all: Record<string, unknown> = {
    size: content.size,
    etag: content.etag,
    md5: content.md5,
    timeCreated: wireTime(object.timeCreated),
    timeModified: wireTime(content.timeModified),
    storageTier: "Standard",
  };
  const asked = Object.entries(all).filter(([field]) => fields.includes(field));
  return { name: object.name, ...Object.fromEntries(asked) };
}
