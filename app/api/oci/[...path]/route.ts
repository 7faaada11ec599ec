/** The signing proxy: every operation of the table, through the funnel. */
import { getConsole } from "#lib/bff/runtime.ts";

const handle = (request: Request) => getConsole().oci(request);

export { handle as DELETE, handle as GET, handle as HEAD, handle as POST, handle as PUT };
