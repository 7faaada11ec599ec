/** All vaults of all tenancies, from the snapshot the server keeps. */
import { getConsole } from "#lib/bff/runtime.ts";

export const GET = (request: Request) => getConsole().inventory(request);
