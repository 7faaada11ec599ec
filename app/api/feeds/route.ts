/** The person's own calendar feed. */
import { getConsole } from "#lib/bff/runtime.ts";

const handle = (request: Request) => getConsole().feeds(request);

export { handle as DELETE, handle as GET, handle as POST };
