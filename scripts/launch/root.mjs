import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, wherever the command was typed. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
