/** Whether this instance should be given requests. */
import { getConsole } from "#lib/bff/runtime.ts";

export const GET = (request: Request) => getConsole().ready(request);
