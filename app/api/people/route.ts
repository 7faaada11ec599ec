/** Who may use the console. */
import { getConsole } from "#lib/bff/runtime.ts";

export const GET = (request: Request) => getConsole().people(request);
