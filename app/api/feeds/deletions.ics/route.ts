/** Deletion dates for calendar programs, under a secret. */
import { getConsole } from "#lib/bff/runtime.ts";

export const GET = (request: Request) => getConsole().feeds(request);
