import { duration } from '../../format/format.ts';
import type { Span } from './span.ts';
import type { TimedSpan } from './trace.ts';

/** The name of a span's row. */
export function titleOf({ kind, turn, name }: Span): string {
  return kind === 'turn' ? `Turn ${turn}` : name;
}

/** A few words beside the name: what else tells it from its siblings. */
export function noteOf({ kind, model, status, copied }: Span): string {
  if (copied) return 'taken from the original';
  if (status === 'suspended' && kind === 'call') return 'needs a result';
  if (status === 'interrupted') return 'needs provider keys';
  return (kind === 'turn' || kind === 'prompt') && model ? model : '';
}

/** How long a span took, in words; until now, if it goes on. Empty when the end is not known. */
export function tookOf({ span, start, end, waits }: TimedSpan, now: number): string {
  const last = waits.at(-1);
  if (span.status === 'suspended' && last) {
    return span.kind === 'call' ? `waiting ${duration(now - last[0])}` : duration(now - start);
  }
  if (end !== null && end === start && span.ended_at === null) return '';
  return duration((end ?? now) - start);
}

/** All that a bar shows, in words. */
export function spoken(timed: TimedSpan, now: number): string {
  const { span } = timed;
  const took = tookOf(timed, now);
  return [titleOf(span), statusWords[span.status], took].filter(Boolean).join(', ');
}

export const statusWords: Readonly<Record<Span['status'], string>> = {
  running: 'Running',
  suspended: 'Waiting for you',
  interrupted: 'Interrupted',
  incomplete: 'Open',
  complete: 'Complete',
  error: 'Error',
};
