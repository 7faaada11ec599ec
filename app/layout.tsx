import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { Providers } from "#components/shell/providers.tsx";
import { trustedTypesPolicy } from "./trusted-types.ts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Vault Console", template: "%s · Vault Console" },
  description: "Admin console for Oracle Cloud Infrastructure vaults.",
  robots: { index: false, follow: false },
  icons: { icon: "/favicon.svg" },
};

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#14191b" },
  ],
};

/** The stylesheet asks for the same file, only later: asked for at once it is there before the first words, which then do not move. */
const font = new URL("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2", import.meta.url).href;

const themes = ["light", "dark", "system"];

/** The document. Theme and nonce come with the request, so the first paint is right and the only thing inline is what forbids the rest. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const nonce = head.get("x-nonce") ?? undefined;
  const chosen = jar.get("theme")?.value ?? "system";
  return (
    <html lang="en" data-theme={themes.includes(chosen) ? chosen : "system"} suppressHydrationWarning>
      <head>
        {/* The first picture has the whole page in it: half a page would move when the other half is read. */}
        <link rel="expect" href="#whole" blocking="render" />
        <link rel="preload" as="font" type="font/woff2" href={font} crossOrigin="" />
        {/* The browser hides the nonce from scripts, so the server's and the page's never look the same. */}
        <script
          nonce={nonce}
          suppressHydrationWarning
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant, and the reason why nothing else may be one
          dangerouslySetInnerHTML={{ __html: trustedTypesPolicy }}
        />
      </head>
      <body>
        <Providers nonce={nonce}>{children}</Providers>
        <i id="whole" hidden />
      </body>
    </html>
  );
}
