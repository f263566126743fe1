import type { FileVersion } from '../files/file-version.ts';
import type { LogForm } from '../files/kind.ts';
import { kindOf } from '../files/kinds/index.ts';
import type { LinkedFiles } from '../files/linked-files.ts';
import { isRecord } from '../kernel/json-object.ts';
import { messagesOfLog, previousAgentMessage } from '../logs/conversation.ts';
import { forkedFrom } from '../logs/forked-from.ts';
import { hasSamples } from '../logs/has-samples.ts';
import type { LogRecord, LogView, TurnRecord } from '../logs/log-record.ts';
import { textOf } from '../logs/message-text.ts';
import { usageOfLog } from '../logs/totals.ts';
import type { TraceTree } from '../logs/trace-tree.ts';
import type { VersionedLog } from '../logs/versioned-log.ts';
import { lastRequest } from '../logs/wire-body.ts';
import { fileBody } from './file.ts';
import { samplesBody } from './samples.ts';

/** The data that an answer about a log contains beside the log, and its options. */
export interface LogContext {
  /** False: `inputs` is an empty object. */
  readonly returnInputs?: boolean;
  /** True: turns have the raw requests and responses of the vendor. */
  readonly rawTurns?: boolean;
  /** The logs below, by the id of their parent; without it `trace_children` is null. */
  readonly trace?: TraceTree | undefined;
  /** Judgments of evaluators, by the id of the judged log. */
  readonly judgments?: ReadonlyMap<string, readonly LogView[]>;
  /** The logs that were judged, by id; without it judgments do not show them. */
  readonly judged?: ReadonlyMap<string, LogView>;
  /** The versions of all these logs, by id. */
  readonly versions?: ReadonlyMap<string, FileVersion>;
  readonly linked?: LinkedFiles;
  /** Bodies of versions that were written already: many logs share few versions. */
  readonly written?: Map<string, Record<string, unknown>>;
}

/** A log, as all answers show it. */
export function logBody(
  { view, version }: VersionedLog,
  context: LogContext = {},
): Record<string, unknown> {
  const { record, turns } = view;
  const form = kindOf(record.type).log;
  const usage = usageOfLog(view);
  return {
    id: record.id,
    log_id: record.id,
    [record.type]: fileBodyOnce(version, context),
    evaluator_logs: linkedBodies(context.judgments?.get(record.id) ?? [], below(context)),
    ...statusBody(record.log_status),
    output_message: record.output_message,
    output: form?.isWholeTrace ? record.output : shownOutput(record),
    error: record.error,
    prompt_tokens: usage.prompt_tokens,
    reasoning_tokens: usage.reasoning_tokens,
    output_tokens: usage.output_tokens,
    prompt_cost: usage.prompt_cost,
    output_cost: usage.output_cost,
    finish_reason: record.finish_reason,
    messages: messagesOfLog(view),
    tool_choice: record.tool_choice,
    created_at: record.created_at,
    start_time: record.start_time,
    end_time: record.end_time,
    provider_latency: record.provider_latency,
    stdout: record.stdout,
    provider_request: asObject(record.provider_request ?? lastRequest(turns)),
    provider_response: asObject(record.provider_response ?? turns.at(-1)?.provider_response),
    inputs: context.returnInputs === false ? {} : (record.inputs ?? {}),
    source: record.source,
    metadata: record.metadata,
    source_datapoint_id: record.source_datapoint_id,
    trace_parent_id: record.trace_parent_id,
    trace_flow_id: record.trace_flow_id,
    trace_id: record.trace_id,
    trace_children: traceChildren(view, context),
    batches: [],
    user: record.user,
    environment: record.environment,
    save: record.save,
    ...(form?.turns === 'conversation'
      ? {
          previous_agent_message: previousAgentMessage(view),
          forked_from: forkedFrom(record),
          run: runBody(view),
          turns: turns.map((turn) => turnBody(turn, context.rawTurns)),
        }
      : {}),
    ...(form?.turns === 'samples' && hasSamples(view) ? { logs: samplesBody(view) } : {}),
    ...(form?.isJudgment ? judgmentBody(view, context) : {}),
  };
}

/** The output of a log or, if it has only a message, the message's text. */
function shownOutput({ output, output_message: message }: LogRecord): string | null {
  return output ?? (message && textOf(message));
}

/** The status of a log, also by the name that older clients read. */
function statusBody(status: LogRecord['log_status']) {
  return { log_status: status, trace_status: status };
}

/**
 * The status in the answer to a new log. Older clients read their name for it only in logs of
 * flows.
 */
export function createdStatus({ isWholeTrace }: LogForm, status: LogRecord['log_status']) {
  return isWholeTrace ? statusBody(status) : { log_status: status };
}

/**
 * A raw request or response as an object, which clients expect. Anything else becomes its `body`.
 */
export function asObject(value: unknown): Record<string, unknown> | null {
  if (value === null || value === undefined) return null;
  return isRecord(value) ? value : { body: value };
}

function fileBodyOnce(
  version: FileVersion,
  { linked, written }: LogContext,
): Record<string, unknown> {
  const before = written?.get(version.versionId);
  if (before) return before;
  const body = fileBody(version, linked ? { linked } : {});
  written?.set(version.versionId, body);
  return body;
}

/** The context for logs that belong to a log. */
function below({ returnInputs, judged, ...context }: LogContext): LogContext {
  return context;
}

function linkedBodies(views: readonly LogView[], context: LogContext): Record<string, unknown>[] {
  return views.flatMap((view) => {
    const version = context.versions?.get(view.record.version_id);
    return version ? [logBody({ view, version }, context)] : [];
  });
}

function traceChildren({ record }: LogView, context: LogContext) {
  if (!context.trace) return null;
  const children = context.trace.get(record.id);
  return children === null ? null : linkedBodies(children ?? [], below(context));
}

function judgmentBody({ record }: LogView, context: LogContext): Record<string, unknown> {
  const judged = context.judged?.get(record.parent_id ?? '');
  // Show the judged log without judgments: this judgment is among them, and would recurse.
  const { judgments, ...rest } = below(context);
  const [parent] = judged ? linkedBodies([judged], rest) : [];
  return {
    parent_id: record.parent_id,
    parent: parent ?? null,
    judgment: record.judgment,
    marked_completed: record.marked_completed,
  };
}

function runBody({ run }: LogView): Record<string, unknown> | null {
  if (!run) return null;
  const { state, iterations, lease_expires_at, options } = run;
  const lost = state === 'interrupted' ? (options.own_keys ?? []) : [];
  return { state, iterations, lease_expires_at, lost_keys: lost };
}

function turnBody(turn: TurnRecord, raw = false): Record<string, unknown> {
  const { message, parts, results, continuation, ...rest } = turn;
  if (raw) return rest;
  const { provider_request, provider_response, shared_messages, ...narrow } = rest;
  return narrow;
}
