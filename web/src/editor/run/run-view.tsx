import { Link } from '@tanstack/react-router';
import { RotateCcw } from 'lucide-react';
import { useEffect } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { versionCode } from '../../files/version-code.ts';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { Conversation } from '../../logs/conversation/conversation.tsx';
import { PlainLog } from '../../logs/conversation/plain-log.tsx';
import type { LogView } from '../../logs/live/log-view.ts';
import { useLogView } from '../../logs/live/use-log-view.ts';
import { fileOf } from '../../logs/page/log-file.ts';
import { statusOf } from '../../logs/page/log-status.ts';
import { StatusPill } from '../../logs/status-pill.tsx';
import { Button } from '../../ui/button.tsx';
import { TraceStrip } from './trace-strip.tsx';

/** A run beside what is edited: what is said, what is done, and which version it was. */
export function RunView({
  logId,
  baseId,
  onView,
  onGone,
  onRetry,
}: {
  readonly logId: string;
  /** The stored version that is edited: a run of another one was a run of the draft. */
  readonly baseId: string;
  readonly onView: (view: LogView | undefined) => void;
  /** Called when the log is no longer there. */
  readonly onGone: () => void;
  readonly onRetry: () => void;
}) {
  const { view, error, isConnected, store } = useLogView(logId);
  useEffect(() => onView(view), [view, onView]);
  const isGone = error instanceof ApiError && error.status === 404;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onGone` is new each time
  useEffect(() => {
    if (isGone) onGone();
  }, [isGone]);
  if (!view || view.log.id !== logId) {
    return error === undefined ? (
      <SkeletonRows rows={3} />
    ) : (
      <div className="p-4">
        <Failure error={error} onRetry={() => void store.start()} />
      </div>
    );
  }
  const { file } = fileOf(view.log);
  const isSpoken = view.messages.length > 0 || view.saying !== null;
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <RunHead view={view} isDraft={file.version_id !== baseId} isConnected={isConnected} />
      {isSpoken ? (
        <Conversation
          view={view}
          name={file.name}
          selected={undefined}
          onSelect={nothing}
          onAnswered={() => store.refresh()}
        />
      ) : (
        <PlainLog log={view.log} />
      )}
      {view.state === 'ended' && view.log.error && (
        <div className="shrink-0 px-4 pb-3">
          <Button size="small" onClick={onRetry}>
            <RotateCcw aria-hidden className="size-3" />
            Retry
          </Button>
        </div>
      )}
      <TraceStrip view={view} />
    </div>
  );
}

function nothing(): void {
  // Spans are selected on the page of the log, where a line of the trace leads.
}

function RunHead({
  view,
  isDraft,
  isConnected,
}: {
  readonly view: LogView;
  readonly isDraft: boolean;
  readonly isConnected: boolean;
}) {
  const { log } = view;
  const { file } = fileOf(log);
  return (
    <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-2 border-b border-line px-4 py-1 text-xs text-fg-2">
      <StatusPill status={statusOf(view)} />
      <span>
        {isDraft ? 'Draft, not committed' : (file.version_name ?? 'This version')}{' '}
        <span className="font-mono text-fg-3" title={file.version_id}>
          {versionCode(file.version_id)}
        </span>
      </span>
      {!isConnected && (
        <span role="status" className="text-warn">
          Connection lost. Trying again…
        </span>
      )}
      <Link
        to="/logs/$logId"
        params={{ logId: log.id }}
        className="ml-auto inline-flex min-h-6 items-center text-accent hover:underline"
      >
        Open log
      </Link>
    </div>
  );
}
