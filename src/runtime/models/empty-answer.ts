import type { TurnRecord } from '../../logs/log-record.ts';
import { textOf } from '../../logs/message-text.ts';
import { type Ending, endingOf } from '../../providers/finish-reasons.ts';

/** Why the last answer of a run is no answer. */
export interface EmptyAnswer {
  /** The error of the run; null when the model may have meant it so. */
  readonly error: string | null;
  /** A line for `stdout`, when there is no error. */
  readonly note: string | null;
}

const sentences: Readonly<Record<Exclude<Ending, 'whole'>, string>> = {
  cut: 'The answer was cut before its first word',
  paused: 'The answer was paused, and the run ended before it went on',
  calling: 'The answer says that it calls a tool, but has no call',
  malformed: 'The model wrote a tool call that cannot be read',
  withheld: 'The answer was withheld',
};

/** What to say of an answer without text and calls, and of one whose call could not be read. */
export function emptyAnswer({
  message,
  finish_reason: reason,
}: Pick<TurnRecord, 'message' | 'finish_reason'>): EmptyAnswer {
  const ending = endingOf(reason);
  const hasCalls = (message?.tool_calls ?? []).length > 0;
  const hasText = message !== null && (textOf(message) ?? '').trim() !== '';
  if (hasCalls || (hasText && ending !== 'malformed')) return { error: null, note: null };
  const word = reason === null ? '' : ` (\`${reason}\`)`;
  return ending === 'whole'
    ? { error: null, note: `The model’s answer was empty${word}.` }
    : { error: `${sentences[ending]}${word}.`, note: null };
}
