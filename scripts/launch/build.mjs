import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { childEnv, isStopping, run } from "./children.mjs";
import { root } from "./root.mjs";
import { Stop, sayWhile } from "./say.mjs";

// What `next build` reads. server.ts, emulator/, scripts/ and tests/ are run from source.
const folders = ["app", "components", "lib", "public"];
const files = [
  "package-lock.json",
  "package.json",
  "next.config.js",
  "postcss.config.mjs",
  "tsconfig.json",
  "proxy.ts",
  "instrumentation.ts",
  "instrumentation-client.ts",
];
const stampPath = join(root, ".next", "built-from");

function* filesUnder(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (entry.isFile()) yield path;
  }
}

/** One hash over everything the build is made from, contents included: dates say nothing after a clone. */
function fingerprint(nodeVersion) {
  const hash = createHash("sha256").update(nodeVersion);
  const present = [
    ...folders.filter((folder) => existsSync(join(root, folder))).flatMap((folder) => [...filesUnder(folder)]),
    ...files.filter((file) => existsSync(join(root, file))),
  ];
  for (const path of present) {
    const bytes = readFileSync(join(root, path));
    hash.update(`\0${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

/** Builds the console when its sources changed since the last build. */
export async function ensureBuilt(node) {
  const wanted = fingerprint(node.version);
  const isFresh =
    existsSync(join(root, ".next", "BUILD_ID")) &&
    existsSync(stampPath) &&
    readFileSync(stampPath, "utf8").trim() === wanted;
  if (isFresh) return;
  const { code, output } = await sayWhile("Building the console… (after a change, about 40 seconds)", () =>
    run(node.path, [join(root, "node_modules/next/dist/bin/next"), "build"], {
      env: childEnv({ NODE_ENV: "production" }, node.dir),
      capture: true,
    }),
  );
  if (isStopping()) return;
  if (code !== 0) {
    process.stderr.write(output);
    throw new Stop("The build failed; the reason is above. `npm run check` finds most of these faster.");
  }
  const checked = await run(node.path, [join(root, "scripts/check-build.ts")], {
    env: childEnv({}, node.dir),
    capture: true,
  });
  if (isStopping()) return;
  if (checked.code !== 0) {
    process.stderr.write(checked.output);
    throw new Stop("The build has what this console must not have; it is listed above.");
  }
  writeFileSync(stampPath, `${wanted}\n`);
}
