/** How a vault's usage went over time. */
import { getConsole } from "#lib/bff/runtime.ts";

export const GET = (request: Request) => getConsole().usage(request);
