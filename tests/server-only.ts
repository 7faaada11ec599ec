// Stands for the `server-only` package in tests: its real entry throws outside Next's bundler.
export {};
