/** What waits for a second person. */
import { getConsole } from "#lib/bff/runtime.ts";

export const GET = (request: Request) => getConsole().approvals(request);
