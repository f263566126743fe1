import { Check, CircleAlert, CircleSlash, CircleStop, LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import { duration } from '../../format/format.ts';
import { cx } from '../../ui/cx.ts';
import { Twist } from '../../ui/twist.tsx';
import { answererName } from '../answer/answerer-name.ts';
import { Fields } from '../values/fields.tsx';
import { readJsonText } from '../values/json-text.ts';
import type { CallBlock } from './blocks.ts';
import { argumentsInShort, toolTitle } from './tool-title.ts';

/** A tool call in a line that a person can read; its arguments and its result are one click away. */
export function CallCard({
  call,
  isSelected,
  onSelect,
}: {
  readonly call: CallBlock;
  readonly isSelected: boolean;
  readonly onSelect: (spanId: string) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div
      className={cx(
        '-my-1 overflow-hidden rounded-lg border bg-panel',
        isSelected ? 'border-accent' : 'border-line',
      )}
    >
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => {
          setOpen(!isOpen);
          if (call.span) onSelect(call.span.id);
        }}
        className="flex min-h-8 w-full min-w-0 items-center gap-2 py-1 pr-2.5 pl-2 text-left -outline-offset-2 hover:bg-hover coarse:min-h-11"
      >
        <Twist isOpen={isOpen} />
        <span className="shrink-0">{toolTitle(call.name)}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-xs text-fg-3">
          {argumentsInShort(call.arguments)}
        </span>
        <Outcome call={call} />
      </button>
      {call.saying !== '' && (
        <p className="border-t border-line px-3 py-2 text-sm whitespace-pre-wrap text-fg-2">
          {call.saying}
        </p>
      )}
      {isOpen && <CallDetails call={call} />}
    </div>
  );
}

export function CallDetails({ call }: { readonly call: CallBlock }) {
  return (
    <div className="grid gap-x-4 gap-y-2 border-t border-line px-3 py-2 sm:grid-cols-2">
      <section className="min-w-0">
        <h3 className="mb-1 text-2xs font-medium text-fg-3">
          Arguments of <code className="font-mono">{call.name}</code>
        </h3>
        <Fields value={call.arguments} />
      </section>
      <section className="min-w-0">
        <h3 className="mb-1 text-2xs font-medium text-fg-3">
          Result
          <AnswererOf call={call} />
        </h3>
        {call.result === undefined ? (
          <p className="text-xs text-fg-3">{call.status === 'running' ? 'Not yet' : 'None'}</p>
        ) : (
          <Fields value={readJsonText(call.result)} />
        )}
      </section>
    </div>
  );
}

/** Who gave a result by hand, or by a program. */
function AnswererOf({ call: { span } }: { readonly call: CallBlock }) {
  const name = answererName(span?.answerer);
  return (
    name !== undefined && (
      <>
        {' '}
        from <bdi>{name}</bdi>
      </>
    )
  );
}

function Outcome({ call: { status, span } }: { readonly call: CallBlock }) {
  const ms =
    span?.ended_at && span.ended_at !== span.started_at
      ? Date.parse(span.ended_at) - Date.parse(span.started_at)
      : undefined;
  const { icon: Icon, says, look } = outcomes[status];
  return (
    <span className={cx('num inline-flex shrink-0 items-center gap-1 text-xs', look)}>
      <Icon
        aria-hidden
        strokeWidth={2.4}
        className={cx(
          'size-3',
          status === 'running' && 'animate-spin',
          status === 'complete' && 'text-ok',
        )}
      />
      <span className={status === 'complete' ? 'sr-only' : ''}>{says}</span>
      {ms !== undefined && <span>{duration(ms)}</span>}
    </span>
  );
}

const outcomes = {
  running: { icon: LoaderCircle, says: 'Running', look: 'text-accent' },
  waiting: { icon: LoaderCircle, says: 'Waiting', look: 'text-warn' },
  complete: { icon: Check, says: 'Complete', look: 'text-fg-3' },
  error: { icon: CircleAlert, says: 'Error', look: 'text-err' },
  'ended-run': { icon: CircleStop, says: 'Ended the run', look: 'text-fg-3' },
  unanswered: { icon: CircleSlash, says: 'No result', look: 'text-fg-3' },
} as const;
