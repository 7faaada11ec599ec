/** One request for approval, and deciding it. */
import { getConsole } from "#lib/bff/runtime.ts";

export const GET = (request: Request) => getConsole().approvals(request);
export const POST = (request: Request) => getConsole().approvals(request);
