import type { ChatMessage, ToolCall } from '../contract/chat.ts';
import type { FileVersion } from '../files/file-queries.ts';
import { kindOf } from '../files/kinds/index.ts';
import { timestamp } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { LogRecord } from '../logs/log-record.ts';
import type { AgentRun } from './agent-run.ts';
import { commitToolResult } from './run-queries.ts';
import { toolMessage } from './tool-message.ts';

/** What a call hands to a linked file: the inputs of its template, or a message. */
export function requestOfCall(
  file: FileVersion,
  given: Readonly<Record<string, unknown>>,
): Pick<LogRecord, 'inputs' | 'messages'> {
  if (kindOf(file.type).inputNames(file.spec).length > 0) return { inputs: given, messages: [] };
  const message = given['message'];
  const content = typeof message === 'string' ? message : JSON.stringify(given);
  return { inputs: {}, messages: [{ role: 'user', content }] };
}

/** The log of a tool call, as it begins. */
export function childRecord(
  run: AgentRun,
  call: ToolCall,
  file: FileVersion,
  request: Pick<LogRecord, 'inputs' | 'messages'>,
): LogRecord {
  const now = timestamp(run.parts.clock.now());
  const parent = run.record;
  return {
    id: newId('log'),
    type: file.type,
    file_id: file.id,
    version_id: file.versionId,
    trace_id: parent.trace_id,
    trace_parent_id: parent.id,
    trace_flow_id: parent.trace_flow_id,
    tool_call_id: call.id,
    created_at: now,
    start_time: now,
    end_time: null,
    provider_latency: null,
    log_status: 'incomplete',
    environment: parent.environment,
    user: parent.user,
    source: parent.source,
    source_datapoint_id: null,
    save: parent.save,
    request_fingerprint: null,
    prompt_tokens: null,
    reasoning_tokens: null,
    output_tokens: null,
    prompt_cost: null,
    output_cost: null,
    finish_reason: null,
    ...request,
    messages_replaced: false,
    tool_choice: null,
    output: null,
    output_message: null,
    error: null,
    stdout: null,
    metadata: null,
    provider_request: null,
    provider_response: null,
  };
}

/** Commits what came of a call: the message for the model, and the call's log if it is new. */
export async function answerCall(
  run: AgentRun,
  call: ToolCall,
  content: string,
  childLog: LogRecord | null,
): Promise<void> {
  const message: ChatMessage = toolMessage(call, content);
  await commitToolResult(run.workspace, run.lease, {
    turnNumber: run.turns.length,
    message,
    childLog,
    eventCount: run.eventCount,
    save: run.record.save,
  });
  run.addResult(message);
}
