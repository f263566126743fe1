import type { ChatMessage, ToolCall } from '../../../contract/chat.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { messagesOfTurn } from '../../../logs/conversation.ts';
import { logNotFound } from '../../../logs/errors.ts';
import { findLog } from '../../../logs/log-queries.ts';
import type { RecordedTools, TurnRecord } from '../../../logs/log-record.ts';
import { textOf } from '../../../logs/message-text.ts';
import type { Running } from '../../events/run-event.ts';
import type { OfferedTool, ToolOutcome } from '../../runs/run.ts';
import { RunFailed } from '../../runs/run-failed.ts';
import type { KindRun } from '../runtime-parts.ts';
import { argumentsOf } from './call-arguments.ts';
import { answerWith } from './linked-call.ts';
import { refusalOf } from './tool-calls.ts';

/**
 * Executes the steps of a run. If its call asks for recorded tools, its tool calls get the results
 * that an earlier log has, and no tool is run: the n-th call of a tool with equal arguments gets the
 * result of the n-th such call there. Equal are arguments with the same canonical JSON.
 *
 * A call without a recorded result stays open, unless misses are answered live.
 *
 * @throws RunFailed when the earlier log has been deleted: tools that run in its place could have
 *   side effects.
 */
export async function* withRecordedTools<Result>(
  run: KindRun<'agent'>,
  steps: Running<Result>,
): Running<Result> {
  const { recorded } = run.callOptions;
  if (recorded) {
    const results = await readResults(run, recorded);
    const tools = [...run.tools.byName].filter(([, tool]) => tool.answer || !tool.stops);
    run.addTools(
      new Map(tools.map(([name, tool]) => [name, answeredFrom(results, tool, recorded.on_miss)])),
    );
  }
  return yield* steps;
}

/** The failure of a run for whose tool call there is no recorded result. */
export function noRecordedResult({ log_id: logId }: RecordedTools, call: ToolCall): RunFailed {
  return failed(
    new PlatformError(
      'invalid',
      'invalid',
      `The replayed log \`${logId}\` has no result for this call of \`${call.function.name}\`: ` +
        'there the tool was not called with these arguments, or not so often.',
    ),
  );
}

/** Tool messages of a log, in the order of their calls, by tool and arguments. */
type RecordedResults = ReadonlyMap<string, readonly ChatMessage[]>;

async function readResults(
  run: KindRun<'agent'>,
  { log_id: logId }: RecordedTools,
): Promise<RecordedResults> {
  const view = await findLog(run.workspace, logId);
  if (!view) throw failed(logNotFound(logId));
  const results = new Map<string, ChatMessage[]>();
  for (const turn of view.turns) {
    for (const [call, result] of answeredCalls(turn)) {
      const key = keyOf(call);
      results.set(key, [...(results.get(key) ?? []), result]);
    }
  }
  return results;
}

/**
 * The calls of a turn with their results. A call of a tool that the agent did not have is left out:
 * its result only says so.
 */
function answeredCalls(turn: TurnRecord): readonly (readonly [ToolCall, ChatMessage])[] {
  const messages = messagesOfTurn(turn).filter(({ role }) => role === 'tool');
  return (turn.message?.tool_calls ?? []).flatMap((call) => {
    const result = messages.find((message) => message.tool_call_id === call.id);
    return result && textOf(result) !== textOf(refusalOf(call)) ? [[call, result] as const] : [];
  });
}

/** A tool whose calls are answered from recorded results. */
function answeredFrom(
  results: RecordedResults,
  tool: OfferedTool,
  onMiss: RecordedTools['on_miss'],
): OfferedTool {
  return {
    ...tool,
    async *answer(run: KindRun, call): Running<ToolOutcome> {
      const result = results.get(keyOf(call))?.[equalCallsBefore(run.turns, call)];
      if (result) {
        yield* answerWith(run, { ...result, tool_call_id: call.id });
        return { type: 'answered', output: textOf(result) ?? '' };
      }
      if (onMiss === 'live' && tool.answer) return yield* tool.answer(run, call);
      return { type: 'suspended' };
    },
  };
}

/** How many equal calls a run made before this call of its last turn. */
function equalCallsBefore(turns: readonly TurnRecord[], call: ToolCall): number {
  const calls = turns.map(({ message }) => message?.tool_calls ?? []);
  const last = calls.pop() ?? [];
  const before = last.slice(
    0,
    last.findIndex(({ id }) => id === call.id),
  );
  const key = keyOf(call);
  return [...calls.flat(), ...before].filter((other) => keyOf(other) === key).length;
}

/** Equal for two calls of one tool with equal arguments. */
function keyOf(call: ToolCall): string {
  const given = argumentsOf(call) ?? call.function.arguments;
  return `${call.function.name} ${canonicalJson(given)}`;
}

function failed(answer: PlatformError): RunFailed {
  return new RunFailed(answer.message, {
    shown: { provider_request: null, provider_response: null },
    answer,
  });
}
