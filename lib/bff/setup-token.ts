/** Where the first admin's one-time token is kept for whoever runs the console. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";

/** Writes the token to a file only this user can read, in place of an earlier one, and gives the file's path. */
export function keepSetupToken(config: Config, token: string): string {
  const file = join(config.dataDir, "sign-in-token");
  // Anew, not over the old one: whoever may have opened that keeps what was in it.
  rmSync(file, { force: true });
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: "wx" });
  return file;
}
