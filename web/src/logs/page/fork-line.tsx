import { Link } from '@tanstack/react-router';
import { GitFork } from 'lucide-react';
import type { LogResponse } from '../../api/types.ts';
import { idOfTurn } from '../trace/span.ts';

/** Of a fork: which log and turn it began with, and the way to see both. */
export function ForkLine({
  log,
  isBeside,
}: {
  readonly log: LogResponse;
  /** The original is shown beside it. */
  readonly isBeside: boolean;
}) {
  const { forked_from: from } = log as {
    readonly forked_from?: { readonly log_id: string; readonly turn: number } | null;
  };
  if (!from) return null;
  const { log_id: logId, turn } = from;
  return (
    <p className="flex min-h-8 shrink-0 flex-wrap items-center gap-x-2 border-b border-line bg-sunken px-3 text-xs text-fg-2">
      <GitFork aria-hidden className="size-3.5 text-fg-3" />
      <span>
        Forked from{' '}
        <Link
          to="/logs/$logId"
          params={{ logId }}
          search={{ span: idOfTurn(logId, turn) }}
          className="font-mono text-accent hover:underline"
        >
          {logId}
        </Link>
        , turn {turn}
      </span>
      {!isBeside && (
        <Link
          to="/logs/$logId"
          params={{ logId: log.id }}
          search={{ beside: logId }}
          className="inline-flex min-h-6 items-center text-accent hover:underline"
        >
          See both
        </Link>
      )}
    </p>
  );
}
