import type { ToolCall } from '../../../contract/chat.ts';
import { kindOf } from '../../../files/kinds/index.ts';
import { describedFunction } from '../../../files/kinds/tool.ts';
import { parseExactJson } from '../../../kernel/exact-json.ts';
import type { LogView, TurnRecord } from '../../../logs/log-record.ts';
import { textOf } from '../../../logs/message-text.ts';
import type { LogContext } from '../../../wire/log.ts';
import { latencyOf } from './judged-totals.ts';

/** A tool call of a trace, as evaluators see it. */
export interface JudgedToolCall {
  readonly name: string;
  /** The arguments, read as JSON; null when they are not JSON. */
  readonly arguments: unknown;
  readonly arguments_text: string | null;
  readonly output: string | null;
  readonly error: string | null;
  /** Seconds; null for a call without a log. */
  readonly latency: number | null;
  /** The number of the model call that made it, from 1; null for a call of your own code. */
  readonly turn: number | null;
  /** 1 for a call of the log itself, 2 for a call of a log below it. */
  readonly depth: number;
  /** The log of the call; null for a call without one. */
  readonly log_id: string | null;
}

/** What was read together with a log. */
type Around = Pick<LogContext, 'trace' | 'versions'>;

/**
 * All tool calls of a log and of the logs below it, in order. A call is followed by the calls that
 * were made below it.
 *
 * The calls of an agent are those of its model calls; further logs of tools are the calls of your
 * own code. What a prompt's model calls counts only in the log of the prompt itself: in a trace,
 * your code logs the tools that it runs.
 *
 * @param options.isJudged true: the log itself is judged, and not one above it.
 */
export function listToolCalls(
  view: LogView,
  around: Around,
  { isJudged, depth = 1 }: { readonly isJudged: boolean; readonly depth?: number },
): readonly JudgedToolCall[] {
  const { record, turns } = view;
  const form = kindOf(record.type).log?.turns;
  const children = around.trace?.get(record.id) ?? [];
  const below = (child: LogView) =>
    listToolCalls(child, around, { isJudged: false, depth: depth + 1 });
  const logged = (child: LogView) =>
    kindOf(child.record.type).log?.isAskedByInputs
      ? [loggedCall(child, around, depth), ...below(child)]
      : below(child);
  if (form === 'conversation' && turns.length > 0) {
    const byCall = Map.groupBy(children, ({ record }) => record.tool_call_id);
    const called = turns.flatMap((turn) =>
      (turn.message?.tool_calls ?? []).flatMap((call) => {
        // A vendor may use the id of a call again in a later turn: each log answers one call.
        const child = byCall.get(call.id)?.shift();
        return [calledByModel(call, turn, child, depth), ...(child ? below(child) : [])];
      }),
    );
    return [...called, ...[...byCall.values()].flat().flatMap(logged)];
  }
  const asked = form === 'conversation' || (form === 'samples' && isJudged);
  const open = asked ? (record.output_message?.tool_calls ?? []) : [];
  return [...children.flatMap(logged), ...open.map((call) => openCall(call, depth))];
}

function calledByModel(
  call: ToolCall,
  turn: TurnRecord,
  child: LogView | undefined,
  depth: number,
): JudgedToolCall {
  const open = { ...openCall(call, depth), turn: turn.number };
  if (child) return { ...open, ...answerOf(child) };
  const byServer = turn.results.find(({ tool_call_id: id }) => id === call.id);
  const text = byServer && textOf(byServer);
  // The result of a call that failed without a log is its error as text; see `resultForModel`.
  if (text?.startsWith(failed)) return { ...open, error: text.slice(failed.length) };
  const answer = byServer ?? turn.continuation?.find(({ tool_call_id: id }) => id === call.id);
  return { ...open, output: answer ? (textOf(answer) ?? '') : null };
}

const failed = 'Error: ';

function openCall(
  { function: { name, arguments: text } }: ToolCall,
  depth: number,
): JudgedToolCall {
  return {
    name,
    arguments: parsed(text),
    arguments_text: text ?? null,
    output: null,
    error: null,
    latency: null,
    turn: null,
    depth,
    log_id: null,
  };
}

/** A call that your own code made, and logged. */
function loggedCall(view: LogView, { versions }: Around, depth: number): JudgedToolCall {
  const { inputs, version_id: versionId } = view.record;
  const version = versions?.get(versionId);
  return {
    name: describedFunction(version)?.name ?? version?.name ?? versionId,
    arguments: inputs ?? {},
    arguments_text: JSON.stringify(inputs ?? {}),
    ...answerOf(view),
    turn: null,
    depth,
  };
}

function answerOf(view: LogView) {
  const { id, output, output_message: message, error } = view.record;
  return {
    output: output ?? (message && textOf(message)),
    error,
    latency: latencyOf(view),
    log_id: id,
  };
}

function parsed(text: string | null | undefined): unknown {
  try {
    return parseExactJson(text ?? '');
  } catch {
    return null;
  }
}
