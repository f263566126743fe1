import type { ChatMessage, ToolCall } from '../../../contract/chat.ts';
import { merge } from '../../../kernel/merge.ts';
import type { TurnRecord } from '../../../logs/log-record.ts';
import { endingOf } from '../../../providers/finish-reasons.ts';
import type { Running } from '../../events/run-event.ts';
import { toolMessage } from '../../runs/call-answer.ts';
import type { OfferedTool, OfferedTools, ToolOutcome } from '../../runs/run.ts';
import type { KindRun } from '../runtime-parts.ts';
import { argumentsOf } from './call-arguments.ts';

/** A call of a tool that the agent offers. */
export interface OfferedCall {
  readonly call: ToolCall;
  readonly tool: OfferedTool;
}

/** A turn, as far as its calls depend on it. */
type CallingTurn = Pick<TurnRecord, 'message' | 'finish_reason'>;

/** The calls of a turn, by how they are answered. */
export interface SortedCalls {
  /** The first call of a tool that ends the turn. */
  readonly stop: OfferedCall | undefined;
  /** Calls that the server runs. */
  readonly ours: readonly OfferedCall[];
  /** Calls that wait for the client. */
  readonly clients: readonly ToolCall[];
  /**
   * The answers to calls that nobody runs: of tools that the agent does not offer, cut ones, and those
   * beyond the limit of an answer.
   */
  readonly refusals: readonly ChatMessage[];
}

/** Sorts the calls of a turn by how they are answered. @param most how many of them are run. */
export function sortCalls(tools: OfferedTools, turn: CallingTurn, most: number): SortedCalls {
  const all = turn.message?.tool_calls ?? [];
  if (isCut(turn)) {
    return { stop: undefined, ours: [], clients: [], refusals: all.map(cutRefusalOf) };
  }
  const calls = all.slice(0, most);
  const offered = calls.flatMap((call) => {
    const tool = tools.byName.get(call.function.name);
    return tool ? [{ call, tool }] : [];
  });
  return {
    stop: offered.find(({ tool }) => tool.stops),
    ours: offered.filter(({ tool }) => tool.answer),
    clients: offered.filter(({ tool }) => !tool.answer && !tool.stops).map(({ call }) => call),
    refusals: [
      ...calls.filter((call) => !tools.byName.has(call.function.name)).map(refusalOf),
      ...all.slice(most).map((call) => excessRefusalOf(call, most)),
    ],
  };
}

/**
 * Whether a turn's answer was cut while it made calls. None of them is run: the last one is not
 * whole, though what is there may look so, and those before it may be half of what was meant.
 */
export function isCut({ message, finish_reason: reason }: CallingTurn): boolean {
  return (message?.tool_calls ?? []).length > 0 && endingOf(reason) === 'cut';
}

function cutRefusalOf(call: ToolCall): ChatMessage {
  return toolMessage(
    call,
    'Error: the answer was cut before it was whole, so this call was not run. Write less at once.',
  );
}

function excessRefusalOf(call: ToolCall, most: number): ChatMessage {
  return toolMessage(
    call,
    `Error: an answer may make ${most} calls (RUN_CALLS_PER_TURN), so this one was not run.`,
  );
}

/** The answer to a call of a tool that the agent does not offer. */
export function refusalOf(call: ToolCall): ChatMessage {
  return toolMessage(call, `Error: there is no tool named ${call.function.name}.`);
}

/**
 * Runs calls side by side, and commits each result as soon as it is there.
 *
 * A tool that fails does not end the turn: its error is its result.
 */
export async function* runToolCalls(
  run: KindRun,
  calls: readonly OfferedCall[],
): Running<readonly ToolOutcome[]> {
  const answers = calls.flatMap(({ call, tool }) => tool.answer?.(run, call) ?? []);
  return yield* merge(answers, run.parts.runLimits.callsAtOnce);
}

/**
 * The output of a run that a call of a stopping tool ended: the text `output` in the call's
 * arguments, or else the whole arguments.
 */
export function stopOutput(call: ToolCall): string {
  const text = call.function.arguments ?? '';
  const output = argumentsOf(call)?.['output'];
  return typeof output === 'string' ? output : text;
}
