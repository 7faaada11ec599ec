import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Outside Next's bundler `server-only` is a package that throws; here it means nothing.
  resolve: { alias: { "server-only": at("./tests/server-only.ts") } },
  cacheDir: ".cache/vite",
  test: {
    environment: "node",
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
    exclude: ["tests/browser/**", "tests/bench/**", "node_modules/**"],
    // A test says how things end, not how fast this machine is: what hangs is found, what is slow is not blamed.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    teardownTimeout: 5_000,
    unstubEnvs: true,
    restoreMocks: true,
    reporters: ["default"],
  },
});
