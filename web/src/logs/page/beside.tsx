import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useState } from 'react';
import { TextDiff } from '../../diff/text-diff.tsx';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Split } from '../../ui/split.tsx';
import { Switch } from '../../ui/switch.tsx';
import { textOf } from '../conversation/blocks.ts';
import { Conversation } from '../conversation/conversation.tsx';
import type { LogView } from '../live/log-view.ts';
import { useLogView } from '../live/use-log-view.ts';
import { StatusPill } from '../status-pill.tsx';
import { fileOf } from './log-file.ts';
import { statusOf } from './log-status.ts';

const sides = [
  { value: 'other', name: 'Original' },
  { value: 'this', name: 'This one' },
] as const;

/** Two logs beside each other, and how their answers differ. */
export function Beside({
  view,
  otherId,
  isWide,
  onAnswered,
  onClose,
}: {
  readonly view: LogView;
  readonly otherId: string;
  /** Whether there is room for both. */
  readonly isWide: boolean;
  readonly onAnswered: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const other = useLogView(otherId);
  const [hasDiff, setDiff] = useState(false);
  const [side, setSide] = useState<'other' | 'this'>('this');
  const left = other.view ? (
    <Side view={other.view} onAnswered={() => other.store.refresh()} />
  ) : other.error === undefined ? (
    <SkeletonRows rows={6} />
  ) : (
    <div className="p-4">
      <Failure error={other.error} />
    </div>
  );
  const right = <Side view={view} onAnswered={onAnswered} />;
  return (
    <>
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-3 py-1">
        {!isWide && <Segments label="Which log" value={side} choices={sides} onChange={setSide} />}
        <Switch checked={hasDiff} onChange={setDiff}>
          <span>
            Differences<span className="max-sm:sr-only"> of the answers</span>
          </span>
        </Switch>
        <span className="flex-1" />
        <IconButton label="Show this log alone" onClick={onClose}>
          <X className="size-4" />
        </IconButton>
      </div>
      {hasDiff && other.view && (
        <section
          aria-label="Differences of the answers"
          tabIndex={0}
          className="max-h-[40%] shrink-0 overflow-y-auto border-b border-line bg-panel p-3 -outline-offset-2"
        >
          <p dir="auto" className="mx-auto max-w-170 break-words whitespace-pre-wrap">
            <TextDiff before={answerOf(other.view)} after={answerOf(view)} />
          </p>
        </section>
      )}
      {isWide ? (
        <Split name="beside" direction="row" standard={0.5} label="Width of the original">
          {left}
          {right}
        </Split>
      ) : side === 'other' ? (
        left
      ) : (
        right
      )}
    </>
  );
}

/** One of the two: which version it is of, how it stands, and what was said. */
function Side({
  view,
  onAnswered,
}: {
  readonly view: LogView;
  readonly onAnswered: () => Promise<void>;
}) {
  const { file } = fileOf(view.log);
  return (
    <section aria-label={`Log ${view.log.id}`} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex min-h-8 shrink-0 items-center gap-2 border-b border-line px-4 text-xs">
        <Link
          to="/logs/$logId"
          params={{ logId: view.log.id }}
          className="min-w-0 truncate font-mono text-accent hover:underline"
        >
          {view.log.id}
        </Link>
        {'model' in file && <span className="truncate text-fg-3">{String(file.model)}</span>}
        <span className="flex-1" />
        <StatusPill status={statusOf(view)} />
      </div>
      <Conversation
        view={view}
        name={file.name}
        selected={undefined}
        onSelect={() => undefined}
        onAnswered={onAnswered}
      />
    </section>
  );
}

/** What the agent said last; the words that still come. */
function answerOf({ messages, saying }: LogView): string {
  const last = messages.findLast(({ role }) => role === 'assistant');
  return saying?.text ?? (last ? textOf(last) : '');
}
