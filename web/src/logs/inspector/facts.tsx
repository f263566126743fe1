import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { count, dollars, duration } from '../../format/format.ts';
import { wholeTime } from '../../format/time.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { answererName } from '../answer/answerer-name.ts';
import { plainValue } from '../list/cell-values.ts';
import { statusWords, tookOf } from '../trace/span-words.ts';
import { costOf, totalsOf } from '../trace/totals.ts';
import type { TimedSpan, Trace } from '../trace/trace.ts';
import { Filterable } from './filterable.tsx';
import type { SpanDetails } from './span-queries.ts';

/** What is known of a span besides its payloads. */
export function Facts({
  logId,
  timed,
  trace,
  details,
}: {
  /** Of the log whose page it is. */
  readonly logId: string;
  readonly timed: TimedSpan;
  readonly trace: Trace;
  readonly details: SpanDetails | undefined;
}) {
  const { span, start, firstToken } = timed;
  const below = useMemo(() => spansBelow(timed, trace), [timed, trace]);
  const totals = useMemo(() => totalsOf(below.map((one) => one.span)), [below]);
  const cost = below.length > 1 ? totals.cost : costOf(span);
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Status', statusWords[span.status]],
    ['Duration', tookOf(timed, trace.end) || 'not known'],
    ['Starts at', `+${duration(start)}`],
    ['Started', wholeTime(span.started_at)],
    ['First token', firstToken === null ? null : `after ${duration(firstToken - start)}`],
    ['Cost', cost === null ? null : dollars(cost)],
    ['Input tokens', numberOf(below.length > 1 ? totals.inputTokens : span.prompt_tokens)],
    ['Output tokens', numberOf(below.length > 1 ? totals.outputTokens : span.output_tokens)],
    ['Thinking tokens', numberOf(span.reasoning_tokens)],
    ['Read from cache', numberOf(details?.turn?.cache_read_tokens ?? null)],
    ['Finish reason', details?.turn?.finish_reason ?? details?.log?.finish_reason],
    ['Model', [span.provider, span.model].filter(Boolean).join(' / ')],
    ['Model calls', numberOf(span.iterations)],
    ['File', span.path && <FileLink id={span.file_id} path={span.path} />],
    ['Version', filterable('Version', span.version_id, 'version_id')],
    ['Answered by', answererName(span.answerer) ?? span.answered_by],
    ['Answered', span.answered_at && wholeTime(span.answered_at)],
    ['Tool call', span.tool_call_id && <Id text={span.tool_call_id} />],
    ['Log', <LogLink key="log" id={span.log_id} isShown={span.log_id === logId} />],
    ['Environment', filterable('Environment', details?.log?.environment, 'environment')],
    ['User', filterable('User', details?.log?.user, 'user')],
    ['Source', filterable('Source', details?.log?.source, 'source')],
  ];
  return (
    <dl className="grid grid-cols-[minmax(6.5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-fg-3">{name}</dt>
            <dd className="num flex min-h-5 min-w-0 items-center break-words">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** A fact that the list of logs has a filter for. */
function filterable(
  name: string,
  text: string | null | undefined,
  filter: 'environment' | 'user' | 'source' | 'version_id',
): ReactNode {
  if (!text) return null;
  const include = { [filter]: filter === 'environment' ? [text] : text };
  return <Filterable value={{ ...plainValue(name, text), include }} />;
}

function numberOf(number: number | null): string | null {
  return number === null ? null : count(number);
}

function Id({ text }: { readonly text: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <code className="min-w-0 truncate font-mono text-xs">{text}</code>
      <CopyButton label="Copy the id" text={() => text} />
    </span>
  );
}

function FileLink({ id, path }: { readonly id: string | null; readonly path: string }) {
  if (id === null) return path;
  return (
    <Link
      to="/f/$fileId/logs"
      params={{ fileId: id }}
      className="truncate text-accent hover:underline"
    >
      {path}
    </Link>
  );
}

function LogLink({ id, isShown }: { readonly id: string; readonly isShown: boolean }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      {isShown ? (
        <code className="truncate font-mono text-xs">{id}</code>
      ) : (
        <Link
          to="/logs/$logId"
          params={{ logId: id }}
          className="truncate font-mono text-xs text-accent hover:underline"
        >
          {id}
        </Link>
      )}
      <CopyButton label="Copy the id of the log" text={() => id} />
    </span>
  );
}

/** A span and all below it. */
function spansBelow(timed: TimedSpan, { children }: Trace): readonly TimedSpan[] {
  const all: TimedSpan[] = [];
  const waiting = [timed];
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    all.push(one);
    for (const child of children.get(one.span.id) ?? []) waiting.push(child);
  }
  return all;
}
