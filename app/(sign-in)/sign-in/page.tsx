import type { Metadata } from "next";
import { SignInScreen } from "#components/session/sign-in-screen.tsx";
import { getConsole } from "#lib/bff/runtime.ts";

export const metadata: Metadata = { title: "Sign in" };

/** What anybody may know is in the document, so that it is read before the first script has run; who it is, the page asks. */
export default async function SignInPage() {
  const known = await getConsole()
    .toStrangers()
    .catch(() => undefined);
  return <SignInScreen known={known} />;
}
