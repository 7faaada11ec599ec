/** What the help desk does not see of one vault, for a reason. */
import { getConsole } from "#lib/bff/runtime.ts";

export const POST = (request: Request) => getConsole().reveal(request);
