/** The process answers. */
import { getConsole } from "#lib/bff/runtime.ts";

export const GET = (request: Request) => getConsole().health(request);
