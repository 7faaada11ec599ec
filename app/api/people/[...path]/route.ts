/** Changes to who may use the console. */
import { getConsole } from "#lib/bff/runtime.ts";

export const POST = (request: Request) => getConsole().people(request);
