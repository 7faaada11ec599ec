import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { Providers } from "#components/shell/providers.tsx";
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

const themes = ["light", "dark", "system"];

/** The document. Theme and nonce come with the request, so the first paint is right and nothing inline is needed. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const chosen = jar.get("theme")?.value ?? "system";
  return (
    <html lang="en" data-theme={themes.includes(chosen) ? chosen : "system"} suppressHydrationWarning>
      <body>
        <Providers nonce={head.get("x-nonce") ?? undefined}>{children}</Providers>
      </body>
    </html>
  );
}
