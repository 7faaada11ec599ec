/** What browsers report against the policy of a page. */
import { getConsole } from "#lib/bff/runtime.ts";

export const POST = (request: Request) => getConsole().cspReport(request);
