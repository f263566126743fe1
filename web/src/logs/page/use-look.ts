import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { LogSearch } from './log-search.ts';

/** What changes of how a log is looked at; undefined takes it away. */
type Look = { readonly [name in keyof LogSearch]?: LogSearch[name] | undefined };

/**
 * Changes how the log is looked at. Back undoes the last look. Steps through the spans, and those of a
 * zoom, are none: one would have to go back through all of them.
 */
export function useLook(): (look: Look) => void {
  const navigate = useNavigate({ from: '/logs/$logId' });
  return useCallback(
    (look) => {
      void navigate({
        search: (before: LogSearch) => ({ ...before, ...look }) as LogSearch,
        replace: 'span' in look || 'zoom' in look,
      });
    },
    [navigate],
  );
}
