import type { LogRequest } from '../contract/log.ts';
import type { Workspace } from '../database/workspace.ts';
import type { FileVersion } from '../files/file-version.ts';
import { type Clock, timestamp } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { LogRecord } from './log-record.ts';
import { readMoment, requireOrder } from './log-times.ts';
import { rootPlace } from './trace.ts';

/** A new log with the fields of a request. Fields that the request leaves out are null. */
export function newLogRecord(
  version: FileVersion,
  request: LogRequest,
  options: {
    readonly clock: Clock;
    readonly environment: string | undefined;
    readonly requestFingerprint: string | null;
    /** The API key of the request; see {@link Workspace}. */
    readonly keyId?: Workspace['keyId'];
  },
): LogRecord {
  const now = timestamp(options.clock.now());
  const id = request.log_id ?? newId('log');
  const start = readMoment(request, 'start_time');
  const end = readMoment(request, 'end_time');
  requireOrder(start, end);
  return {
    id,
    type: version.type,
    file_id: version.id,
    version_id: version.versionId,
    ...rootPlace(id, version.type),
    tool_call_id: null,
    created_at: readMoment(request, 'created_at') ?? now,
    start_time: start,
    end_time: end,
    provider_latency: request.provider_latency ?? null,
    log_status: request.log_status ?? null,
    ended_as: null,
    environment: request.environment ?? options.environment ?? null,
    user: request.user ?? null,
    source: request.source ?? null,
    source_datapoint_id: request.source_datapoint_id ?? null,
    save: request.save ?? true,
    request_fingerprint: options.requestFingerprint,
    api_key_id: options.keyId ?? null,
    prompt_tokens: request.prompt_tokens ?? null,
    reasoning_tokens: request.reasoning_tokens ?? null,
    output_tokens: request.output_tokens ?? null,
    prompt_cost: request.prompt_cost ?? null,
    output_cost: request.output_cost ?? null,
    finish_reason: request.finish_reason ?? null,
    inputs: request.inputs ?? null,
    messages: request.messages ?? [],
    messages_replaced: false,
    tool_choice: request.tool_choice ?? null,
    output: request.output ?? null,
    output_message: request.output_message ?? null,
    error: request.error ?? null,
    stdout: request.stdout ?? null,
    metadata: request.metadata ?? null,
    provider_request: request.provider_request ?? null,
    provider_response: request.provider_response ?? null,
    parent_id: request.parent_id ?? null,
    judgment: request.judgment ?? null,
    marked_completed: request.marked_completed ?? null,
    forked_from_id: null,
    forked_from_turn: null,
  };
}
