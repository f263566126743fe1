import type { ChatMessage, ToolCall } from '../../../contract/chat.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import { kindOf } from '../../../files/kinds/index.ts';
import { secondsBetween, timestamp } from '../../../kernel/clock.ts';
import type { LogRecord, TurnRecord } from '../../../logs/log-record.ts';
import { newLogRecord } from '../../../logs/new-log.ts';
import type { Happening, Running } from '../../events/run-event.ts';
import { resultForModel, toolMessage } from '../../runs/call-answer.ts';
import type { ToolOutcome } from '../../runs/run.ts';
import { commitToolResult } from '../../runs/step-queries.ts';
import type { KindRun } from '../runtime-parts.ts';

/**
 * What a call passes to a linked file: the inputs of its template, or a message if it has no inputs
 * and accepts messages.
 */
export function requestFromCall(
  file: FileVersion,
  given: Readonly<Record<string, unknown>>,
): Pick<LogRecord, 'inputs' | 'messages'> {
  const { inputNames, takesAsTool } = kindOf(file.type);
  if (takesAsTool?.(file.spec) !== 'message' || inputNames(file.spec).length > 0)
    return { inputs: given, messages: [] };
  const message = given['message'];
  const content = typeof message === 'string' ? message : JSON.stringify(given);
  return { inputs: {}, messages: [{ role: 'user', content }] };
}

/** The new log of a tool call. */
export function childRecord(
  run: KindRun,
  call: ToolCall,
  file: FileVersion,
  request: Pick<LogRecord, 'inputs' | 'messages'>,
): LogRecord {
  const parent = run.record;
  const record = newLogRecord(
    file,
    { source: parent.source, user: parent.user, save: parent.save },
    {
      clock: run.parts.clock,
      environment: parent.environment ?? undefined,
      requestFingerprint: null,
    },
  );
  return {
    ...record,
    ...request,
    trace_id: parent.trace_id,
    trace_parent_id: parent.id,
    trace_flow_id: parent.trace_flow_id,
    tool_call_id: call.id,
    start_time: record.created_at,
    log_status: 'incomplete',
  };
}

/**
 * Ends a call that has a log but no run: completes the log, commits it with the message for the
 * model, and emits the end. An error becomes text for the model.
 *
 * @param turn the model call of the log; null when it made none, or nothing of an answer came.
 */
export async function* closeCall(
  run: KindRun,
  call: ToolCall,
  file: FileVersion,
  outcome: LogRecord,
  turn: TurnRecord | null = null,
): Running<ToolOutcome> {
  const end = timestamp(run.parts.clock.now());
  const record: LogRecord = {
    ...outcome,
    log_status: 'complete',
    end_time: end,
    provider_latency: secondsBetween(outcome.created_at, end),
  };
  const output = resultForModel(record);
  const view = { record, turns: turn ? [turn] : [], run: null };
  yield* answerWith(run, toolMessage(call, output), {
    child: { log: record, turn },
    happenings: [{ type: 'tool_end', call, log: { view, version: file } }],
  });
  return { type: 'answered', output };
}

/** Commits the result of a call: the message for the model, and the call's log if it is new. */
export async function* answerWith(
  run: KindRun,
  message: ChatMessage,
  {
    child = { log: null, turn: null },
    happenings = [],
  }: {
    readonly child?: { readonly log: LogRecord | null; readonly turn: TurnRecord | null };
    readonly happenings?: readonly Happening[];
  } = {},
): Running<void> {
  const { workspace, lease, record } = run;
  const turnNumber = run.turns.length;
  yield {
    type: 'step',
    happenings,
    write: (progress) =>
      commitToolResult(workspace, lease, {
        turnNumber,
        message,
        childLog: child.log,
        childTurn: child.turn,
        progress,
        save: record.save,
      }),
  };
  run.transcript.addResult(message);
}
