/** What works, and how much of the service's budgets is spent. */
import { getConsole } from "#lib/bff/runtime.ts";

export const GET = (request: Request) => getConsole().status(request);
