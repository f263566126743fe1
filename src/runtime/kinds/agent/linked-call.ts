import type { ChatMessage, ToolCall } from '../../../contract/chat.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import { kindOf } from '../../../files/kinds/index.ts';
import { secondsBetween, timestamp } from '../../../kernel/clock.ts';
import type { LogRecord, TurnRecord } from '../../../logs/log-record.ts';
import { newLogRecord } from '../../../logs/new-log.ts';
import type { Happening, Running } from '../../events/run-event.ts';
import { answerIn, toolMessage } from '../../runs/call-answer.ts';
import type { ToolOutcome } from '../../runs/run.ts';
import { commitToolResult } from '../../runs/step-queries.ts';
import type { KindRun } from '../runtime-parts.ts';

/** What a call hands to a linked file: the inputs of its template, or a message where it takes any. */
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

/** The log of a tool call, as it begins. */
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
 * Ends a call that has a log and no run of its own: completes the log, commits it with the message
 * for the model, and tells. A failure is told to the model in words.
 *
 * @param turn the model call that the log is of; null when it is of none, or of one that failed.
 * @returns what the model is told.
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
  const output = answerIn(record);
  const view = { record, turns: turn ? [turn] : [], run: null };
  yield* answerWith(run, toolMessage(call, output), {
    child: { log: record, turn },
    happenings: [{ type: 'tool_end', call, log: { view, version: file } }],
  });
  return { type: 'answered', output };
}

/** Commits what came of a call: the message for the model, and the call's log if that is new. */
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
