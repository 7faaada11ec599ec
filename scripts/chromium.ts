// The browser the tests and screenshots use. Run alone (`node scripts/chromium.ts`) it makes sure there is one, and says which.
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { chromium as playwrightChromium } from "@playwright/test";
import { readTar } from "./tar.ts";

/** How to launch it: `env` goes to the browser alone, for its bundled libraries must not reach Node. */
export type Browser = { path: string; source: string; env: Record<string, string>; args: string[] };

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const unbrotli = promisify(brotliDecompress);
const unpackedMark = "complete";

/** The browser to use: CHROMIUM_PATH, else the one inside the npm package (Linux x64), else an installed Chrome or Playwright's own. Throws words that help. */
export async function findChromium(): Promise<Browser> {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`CHROMIUM_PATH is ${chosen}, and there is no such file.`);
    return { path: chosen, source: "CHROMIUM_PATH", env: {}, args: [] };
  }
  if (process.platform === "linux" && process.arch === "x64") return packagedChromium();
  const installed = [...installedChromes(), playwrightChromium.executablePath()].find((path) => existsSync(path));
  if (installed) return { path: installed, source: "installed", env: {}, args: [] };
  throw new Error(
    `No browser for the browser tests on ${process.platform} ${process.arch}. Install Chrome, or run \`npx playwright install chromium\`, or set CHROMIUM_PATH to a Chromium or Chrome.`,
  );
}

function installedChromes(): string[] {
  if (process.platform === "darwin") return ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
  if (process.platform === "win32") {
    return [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .map((folder) => join(folder, "Google/Chrome/Application/chrome.exe"));
  }
  return ["/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/usr/bin/chromium", "/usr/bin/chromium-browser"];
}

async function packagedChromium(): Promise<Browser> {
  // Its exports name neither its manifest nor its archives.
  const manifest = join(root, "node_modules/@sparticuz/chromium/package.json");
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  const home = join(root, ".cache", `chromium-${version}`);
  if (!existsSync(join(home, unpackedMark))) await unpack(join(dirname(manifest), "bin"), home);
  return {
    path: join(home, "chromium"),
    source: `@sparticuz/chromium ${version}`,
    env: {
      LD_LIBRARY_PATH: join(home, "lib"),
      FONTCONFIG_FILE: join(home, "fonts.conf"),
    },
    args: ["--font-render-hinting=none"],
  };
}

/** Unpacks beside the final place and renames, so that a broken or a second unpacking never shows. */
async function unpack(archives: string, home: string): Promise<void> {
  await mkdir(dirname(home), { recursive: true });
  const work = await mkdtemp(`${home}-`);
  try {
    await writeFile(join(work, "chromium"), await unbrotli(await readFile(join(archives, "chromium.br"))));
    await chmod(join(work, "chromium"), 0o755);
    // Its software renderer, the libraries a bare Linux lacks, and a font.
    for (const archive of ["swiftshader.tar.br", "al2023.tar.br", "fonts.tar.br"]) {
      await unpackTar(await unbrotli(await readFile(join(archives, archive))), work);
    }
    await writeFile(join(work, "fonts.conf"), fontSettings(home));
    await writeFile(join(work, unpackedMark), "");
    await rename(work, home);
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    // Another process was first.
    if (!existsSync(join(home, unpackedMark))) throw error;
  }
}

/** The machine's own fonts, for the scripts they cover, then the one that comes with the browser: a bare machine has none. */
function fontSettings(home: string): string {
  const folders = ["/usr/share/fonts", "/usr/local/share/fonts", join(home, "fonts")];
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map((folder) => `  <dir>${folder}</dir>`).join("\n")}
  <alias><family>sans-serif</family><prefer><family>Open Sans</family><family>DejaVu Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family><family>Liberation Mono</family></prefer></alias>
  <cachedir>${join(home, "font-cache")}</cachedir>
</fontconfig>
`;
}

async function unpackTar(bytes: Buffer, folder: string): Promise<void> {
  for (const entry of readTar(bytes)) {
    const path = resolve(folder, entry.path);
    if (path !== folder && !path.startsWith(`${folder}/`))
      throw new Error(`An archive wants to write outside its folder: ${entry.path}`);
    if (entry.kind === "folder") await mkdir(path, { recursive: true });
    else {
      await mkdir(dirname(path), { recursive: true });
      if (entry.kind === "link") await symlink(entry.target, path);
      else await writeFile(path, entry.bytes, { mode: entry.mode });
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { path, source } = await findChromium();
    console.log(`${path} (${source})`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
