import { useMemo } from 'react';
import { count, dollars, duration } from '../../format/format.ts';
import type { Span } from './span.ts';
import { type Totals, totalsOf } from './totals.ts';
import { activeTime, type Trace } from './trace.ts';

/** What is known of the cost, and whether there is more. */
function costText({ cost, hasUnknownCost }: Totals): string {
  if (hasUnknownCost && cost === 0) return 'not known';
  return `${hasUnknownCost ? 'at least ' : ''}${dollars(cost)}`;
}

/** What the whole run took. */
export function TotalsBar({
  trace,
  spans,
}: {
  readonly trace: Trace;
  readonly spans: ReadonlyMap<string, Span>;
}) {
  const totals = useMemo(() => totalsOf(spans.values()), [spans]);
  const active = activeTime(trace);
  const waited = trace.end - active;
  const facts = [
    {
      name: 'Active time',
      value: duration(active),
      more: waited > 0 ? `and ${duration(waited)} of waiting` : undefined,
    },
    {
      name: 'Cost',
      value: costText(totals),
      more: totals.hasUnknownCost ? 'The price of some model calls is not known.' : undefined,
    },
    {
      name: 'Tokens',
      value: count(totals.inputTokens + totals.outputTokens),
      more: `${count(totals.inputTokens)} in, ${count(totals.outputTokens)} out`,
    },
    { name: 'Model calls', value: count(totals.modelCalls), more: undefined },
    { name: 'Tool calls', value: count(totals.toolCalls), more: undefined },
  ];
  return (
    <dl
      tabIndex={0}
      aria-label="Totals"
      className="flex shrink-0 gap-6 overflow-x-auto border-b border-line px-3 py-2.5 -outline-offset-2 [scrollbar-width:none] max-sm:gap-5"
    >
      {facts.map(({ name, value, more }) => (
        <div key={name} title={more} className="shrink-0">
          <dt className="text-2xs text-fg-3">{name}</dt>
          <dd className="num text-base font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
