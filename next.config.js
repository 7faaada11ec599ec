/** @type {import("next").NextConfig} */
const config = {
  // `next dev` would otherwise write a file of its own into the repository.
  agentRules: false,
  devIndicators: false,
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // Loaded by Node itself: pino starts worker threads, oci-common is only needed with a real tenancy.
  serverExternalPackages: ["pino", "oci-common", "kysely"],
  typedRoutes: true,
};

export default config;
