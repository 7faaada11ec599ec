/** First admin, confirming that it is oneself, sessions, the identity provider. */
import { getConsole } from "#lib/bff/runtime.ts";

const handle = (request: Request) => getConsole().session(request);

export { handle as GET, handle as POST };
