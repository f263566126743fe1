import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/api-error.ts';

/** What the server said, kept for the session. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the server refuses once it refuses again; what it could not do may be done a moment later.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});
