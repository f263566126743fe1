import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import type { LogResponse } from '../../api/types.ts';
import { Failure } from '../../loading/failure.tsx';
import { Skeleton } from '../../loading/skeleton.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { ForkButton } from '../fork/fork-button.tsx';
import { StatusPill } from '../status-pill.tsx';
import { SpanIcon, spanLooks } from '../trace/kind-marks.tsx';
import { titleOf } from '../trace/span-words.ts';
import type { TimedSpan, Trace } from '../trace/trace.ts';
import { detailTabs } from './detail-tabs.tsx';
import { Facts } from './facts.tsx';
import { spanQuery } from './span-queries.ts';

/** All that is known of the span that is selected. Its payloads are read when it is shown. */
export function Inspector({
  log,
  timed,
  trace,
  onClose,
}: {
  /** The log whose page it is. */
  readonly log: LogResponse;
  readonly timed: TimedSpan;
  readonly trace: Trace;
  readonly onClose: () => void;
}) {
  const { span } = timed;
  const logId = log.id;
  const details = useQuery(spanQuery(logId, span));
  const [chosen, setChosen] = useState('');
  const tabs = details.data
    ? detailTabs(details.data)
    : [{ name: firstTabs[span.kind], content: loading }];
  const all: readonly { readonly name: string; readonly content: ReactNode }[] = [
    ...tabs,
    {
      name: 'Facts',
      content: <Facts logId={logId} timed={timed} trace={trace} details={details.data} />,
    },
  ];
  const shown = all.some(({ name }) => name === chosen) ? chosen : (all[0]?.name ?? '');
  return (
    <section
      aria-label={`Details of ${titleOf(span)}`}
      className="flex min-h-0 flex-1 flex-col border-line bg-panel"
    >
      <div className="flex h-10 shrink-0 items-center gap-2 pr-2 pl-3">
        <SpanIcon kind={span.kind} />
        <h2 className="min-w-0 truncate font-medium">{titleOf(span)}</h2>
        <span className="sr-only">{spanLooks[span.kind].label}</span>
        {span.status !== 'complete' && <StatusPill status={span.status} />}
        <span className="flex-1" />
        {span.kind === 'turn' && span.log_id === log.id && span.turn !== null && (
          <ForkButton log={log} turn={span.turn} />
        )}
        <IconButton label="Close the details" onClick={onClose}>
          <X className="size-3.5" />
        </IconButton>
      </div>
      <Tabs.Root value={shown} onValueChange={setChosen} className="flex min-h-0 flex-1 flex-col">
        <Tabs.List
          aria-label="Parts of the span"
          className="flex shrink-0 gap-4 overflow-x-auto border-b border-line px-3 [scrollbar-width:none]"
        >
          {all.map(({ name }) => (
            <Tabs.Trigger
              key={name}
              value={name}
              className="h-8 shrink-0 border-b-2 border-transparent text-fg-2 -outline-offset-2 hover:text-fg data-[state=active]:border-fg data-[state=active]:font-medium data-[state=active]:text-fg coarse:h-11"
            >
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {all.map(({ name, content }) => (
          <Tabs.Content
            key={name}
            value={name}
            className="min-h-0 flex-1 overflow-y-auto px-3 py-3 -outline-offset-2"
          >
            {span.error !== null && name !== 'Facts' && (
              <p className="mb-3 rounded-md bg-err-soft px-2.5 py-2 break-words whitespace-pre-wrap text-err">
                {details.data?.log?.error ?? span.error}
              </p>
            )}
            {details.isError && name !== 'Facts' ? (
              <Failure error={details.error} onRetry={() => void details.refetch()} />
            ) : (
              content
            )}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </section>
  );
}

/** The first tab has its name before its payloads are there, so that nothing jumps. */
const firstTabs = {
  turn: 'Messages',
  call: 'Arguments and result',
  agent: 'Input and output',
  prompt: 'Input and output',
  tool: 'Input and output',
  flow: 'Input and output',
  evaluator: 'Judgment',
} as const;

const loading = (
  <div className="grid max-w-80 gap-2">
    <Skeleton className="h-4" />
    <Skeleton className="h-4" />
    <Skeleton className="h-4" />
  </div>
);
