import type { LogView } from '../live/log-view.ts';
import type { SpanStatus } from '../trace/span.ts';

/** How a log stands, in the word that its span and its row in the list have, too. */
export function statusOf({ state, log, spans }: LogView): SpanStatus {
  if (state !== 'ended') return state;
  if (log.error) return 'error';
  return spans.get(log.id)?.status ?? (log.log_status === 'incomplete' ? 'incomplete' : 'complete');
}
