import type { ChatMessage } from '../../contract/chat.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { parseExactJson } from '../../kernel/exact-json.ts';
import { messagesOfTurn } from '../../logs/conversation.ts';
import type { LogView, TurnRecord } from '../../logs/log-record.ts';
import { textOf } from '../../logs/message-text.ts';

/**
 * The first thing in which two runs differ:
 *
 * - `tool_calls`: the model called other tools, more, or fewer;
 * - `arguments`: it called the same tools with other arguments;
 * - `text`: it said something else;
 * - `results`: a tool call had another result;
 * - `end`: one of the runs ended, and the other went on;
 * - `error`, `output`: how they ended.
 */
export interface Difference {
  /** The number of the model call, from 1; that of the last one for the end of a run. */
  readonly turn: number;
  readonly kind: 'tool_calls' | 'arguments' | 'text' | 'results' | 'end' | 'error' | 'output';
}

/** The first difference between the logs of two runs; null if there is none. */
export function firstDifference(before: LogView, after: LogView): Difference | null {
  const turns = Math.max(before.turns.length, after.turns.length);
  for (let index = 0; index < turns; index++) {
    const [one, other] = [before.turns[index], after.turns[index]];
    const kind = one && other ? differenceOf(one, other) : endOf(before, after);
    if (kind) return { turn: index + 1, kind };
  }
  const last = Math.max(1, turns);
  if (before.record.error !== after.record.error) return { turn: last, kind: 'error' };
  return before.record.output === after.record.output ? null : { turn: last, kind: 'output' };
}

function differenceOf(one: TurnRecord, other: TurnRecord): Difference['kind'] | undefined {
  const [before, after] = [callsOf(one), callsOf(other)];
  if (!isEqual(before.map(nameOf), after.map(nameOf))) return 'tool_calls';
  if (!isEqual(before.map(argumentsOf), after.map(argumentsOf))) return 'arguments';
  if ((one.message && textOf(one.message)) !== (other.message && textOf(other.message))) {
    return 'text';
  }
  return isEqual(resultsOf(one), resultsOf(other)) ? undefined : 'results';
}

/** How a run differs that has fewer turns than the other: by the error that ended it, if there is one. */
function endOf(before: LogView, after: LogView): Difference['kind'] {
  return before.record.error === after.record.error ? 'end' : 'error';
}

type Call = NonNullable<ChatMessage['tool_calls']>[number];

function callsOf({ message }: TurnRecord): readonly Call[] {
  return message?.tool_calls ?? [];
}

function nameOf({ function: { name } }: Call): string {
  return name;
}

function argumentsOf({ function: { arguments: text } }: Call): unknown {
  try {
    return parseExactJson(text || '{}');
  } catch {
    return text;
  }
}

/** The results of a turn's calls, in the order of the calls; undefined for a call without one. */
function resultsOf(turn: TurnRecord): readonly unknown[] {
  const results = messagesOfTurn(turn).filter(({ role }) => role === 'tool');
  return callsOf(turn).map(
    ({ id }) => results.find((message) => message.tool_call_id === id)?.content,
  );
}

function isEqual(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}
