import type { FileVersion } from '../../files/file-queries.ts';
import type { LinkedFiles } from '../../files/linked-files.ts';
import { messagesOfLog, previousAgentMessage } from '../../logs/conversation.ts';
import type { LogView, TurnRecord } from '../../logs/log-record.ts';
import type { TraceTree } from '../../logs/trace-tree.ts';
import { lastRequest } from '../../logs/wire-body.ts';
import { totalUsage } from '../../runtime/agent-run.ts';
import { textOf } from '../../runtime/message-text.ts';
import type { VersionedLog } from '../../runtime/run-event.ts';
import { fileBody } from './file.ts';

/** What an answer about a log has beside the log itself. */
export interface LogBodyOptions {
  /** False: `inputs` is an empty object. */
  readonly returnInputs?: boolean;
  /** The logs below, with the versions that made them; without it `trace_children` is null. */
  readonly trace?: { readonly tree: TraceTree; readonly versions: Versions } | undefined;
  /** True: turns show what went over the wire. */
  readonly rawTurns?: boolean;
  readonly linked?: LinkedFiles | undefined;
}

export type Versions = ReadonlyMap<string, FileVersion>;

/** A log, as every answer shows it. */
export function logBody(
  { view, version }: VersionedLog,
  options: LogBodyOptions = {},
): Record<string, unknown> {
  const { record, turns, run } = view;
  const usage = run === null || turns.length === 0 ? record : totalUsage(turns);
  return {
    id: record.id,
    log_id: record.id,
    [record.type]: fileBody(version, options.linked),
    evaluator_logs: [],
    log_status: record.log_status,
    output_message: record.output_message,
    output: record.output ?? (record.output_message && textOf(record.output_message)),
    error: record.error,
    prompt_tokens: usage.prompt_tokens,
    reasoning_tokens: usage.reasoning_tokens,
    output_tokens: usage.output_tokens,
    prompt_cost: record.prompt_cost,
    output_cost: record.output_cost,
    finish_reason: record.finish_reason,
    messages: messagesOfLog(view),
    previous_agent_message: previousAgentMessage(view),
    tool_choice: record.tool_choice,
    created_at: record.created_at,
    start_time: record.start_time,
    end_time: record.end_time,
    provider_latency: record.provider_latency,
    stdout: record.stdout,
    provider_request: record.provider_request ?? lastRequest(turns),
    provider_response: record.provider_response ?? turns.at(-1)?.provider_response ?? null,
    inputs: options.returnInputs === false ? {} : (record.inputs ?? {}),
    source: record.source,
    metadata: record.metadata,
    source_datapoint_id: record.source_datapoint_id,
    trace_parent_id: record.trace_parent_id,
    trace_flow_id: record.trace_flow_id,
    trace_id: record.trace_id,
    trace_children: childrenOf(view, options),
    batches: [],
    user: record.user,
    environment: record.environment,
    save: record.save,
    ...(record.type === 'agent'
      ? { run: runBody(view), turns: turns.map((turn) => turnBody(turn, options.rawTurns)) }
      : {}),
  };
}

function childrenOf(
  { record }: LogView,
  { trace, ...options }: LogBodyOptions,
): readonly Record<string, unknown>[] | null {
  if (!trace) return null;
  return (trace.tree.get(record.id) ?? []).flatMap((view) => {
    const version = trace.versions.get(view.record.version_id);
    return version
      ? [logBody({ view, version }, { trace, rawTurns: options.rawTurns ?? false })]
      : [];
  });
}

function runBody({ run }: LogView): Record<string, unknown> | null {
  if (!run) return null;
  const { state, iterations, lease_expires_at } = run;
  return { state, iterations, lease_expires_at };
}

function turnBody(turn: TurnRecord, raw = false): Record<string, unknown> {
  const { message, parts, results, continuation, ...rest } = turn;
  if (raw) return rest;
  const { provider_request, provider_response, shared_messages, ...narrow } = rest;
  return narrow;
}
