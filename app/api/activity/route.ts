/** Receipts: what was done to a vault, or the whole trail. */
import { getConsole } from "#lib/bff/runtime.ts";

export const GET = (request: Request) => getConsole().activity(request);
