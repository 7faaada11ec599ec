/** Who is signed in; signing in and out. */
import { getConsole } from "#lib/bff/runtime.ts";

const handle = (request: Request) => getConsole().session(request);

export { handle as DELETE, handle as GET, handle as POST };
