import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api.ts";

const retriesMax = 2;

/**
 * The cache of everything read. A refusal (4xx) is an answer and is not asked again; a server that failed or did not
 * answer is asked twice more. Writes are never repeated here: the server knows which may be.
 */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        // The console may run on this very machine: "offline" says nothing about whether it can be reached.
        networkMode: "always",
        retry: (failures, error) => failures < retriesMax && isWorthRetrying(error),
        retryDelay: (attempt) => Math.min(8000, 500 * 2 ** attempt) * (0.5 + Math.random() / 2),
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

function isWorthRetrying(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}
