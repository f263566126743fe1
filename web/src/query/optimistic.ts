import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { type ToastAction, toast } from '../ui/toasts.tsx';

/** What a query shows of a change before the server has said yes. */
export interface Shown {
  readonly queryKey: QueryKey;
  /** The data as it will be; queries that have none are left alone. */
  readonly change: (data: unknown) => unknown;
}

/** A change of what a query shows, whose data is of this type. */
export function shownIn<Data>(queryKey: QueryKey, change: (data: Data) => Data): Shown {
  return { queryKey, change: (data) => change(data as Data) };
}

/**
 * A change that is shown at once: a rename, a move, a tag, a deployment. If the server refuses it, what
 * was there comes back, and a message says why. Not for what deletes, commits or runs.
 */
export function useOptimistic<Input, Answer = unknown>({
  send,
  shows,
  touches = [],
  failed,
  remedy = () => undefined,
}: {
  readonly send: (input: Input) => Promise<Answer>;
  readonly shows: (input: Input) => readonly Shown[];
  /** Queries whose data the change touches besides those: they are read again, by the beginning of their keys. */
  readonly touches?: readonly QueryKey[];
  /** What was not done, before its reason: `The file was not renamed`. */
  readonly failed: string;
  /** What can be done about an error; it is offered beside the reason. */
  readonly remedy?: (error: Error) => ToastAction | undefined;
}) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: send,
    onMutate: async (input) => {
      const shown = shows(input);
      // An answer that is under way would show the old data again.
      await Promise.all(
        shown.map(({ queryKey }) => cache.cancelQueries({ queryKey, exact: true })),
      );
      const before = shown.map(({ queryKey }) => [queryKey, cache.getQueryData(queryKey)] as const);
      for (const { queryKey, change } of shown) {
        cache.setQueryData(queryKey, (data: unknown) => (data === undefined ? data : change(data)));
      }
      return { before };
    },
    onError: (error, _input, kept) => {
      for (const [queryKey, data] of kept?.before ?? []) cache.setQueryData(queryKey, data);
      toast(`${failed}: ${error.message}`, { look: 'alarm', action: remedy(error) });
    },
    onSettled: (_answer, _error, _input, kept) => {
      // Nobody waits for these: what was asked for is there, or was taken back.
      for (const queryKey of [...(kept?.before ?? []).map(([key]) => key), ...touches]) {
        void cache.invalidateQueries({ queryKey });
      }
    },
  });
}
