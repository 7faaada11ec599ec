/** The trail as a file. */
import { getConsole } from "#lib/bff/runtime.ts";

export const GET = (request: Request) => getConsole().exportActivity(request);
