/** Whether the trail of receipts is what the console wrote. */
import { getConsole } from "#lib/bff/runtime.ts";

export const GET = (request: Request) => getConsole().verifyActivity(request);
