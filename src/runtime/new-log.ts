import type { AgentLogRequest } from '../contract/log.ts';
import type { FileVersion } from '../files/file-queries.ts';
import { type Clock, timestamp } from '../kernel/clock.ts';
import { invalid } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { LogRecord } from '../logs/log-record.ts';
import { rootPlace } from '../logs/trace.ts';

/** A log as a request describes it: what it says, and null for what it does not. */
export function newLogRecord(
  version: FileVersion,
  request: AgentLogRequest,
  options: {
    readonly clock: Clock;
    readonly environment: string | undefined;
    readonly requestFingerprint: string | null;
  },
): LogRecord {
  const now = timestamp(options.clock.now());
  const id = request.log_id ?? newId('log');
  const start = utc(request, 'start_time');
  const end = utc(request, 'end_time');
  if (start !== null && end !== null && Date.parse(end) < Date.parse(start)) {
    throw invalid(['body', 'end_time'], 'The end is before the start.');
  }
  return {
    id,
    type: version.type,
    file_id: version.id,
    version_id: version.versionId,
    ...rootPlace(id, version.type),
    tool_call_id: null,
    created_at: utc(request, 'created_at') ?? now,
    start_time: start,
    end_time: end,
    provider_latency: request.provider_latency ?? null,
    log_status: request.log_status ?? null,
    environment: request.environment ?? options.environment ?? null,
    user: request.user ?? null,
    source: request.source ?? null,
    source_datapoint_id: request.source_datapoint_id ?? null,
    save: request.save ?? true,
    request_fingerprint: options.requestFingerprint,
    prompt_tokens: request.prompt_tokens ?? null,
    reasoning_tokens: request.reasoning_tokens ?? null,
    output_tokens: request.output_tokens ?? null,
    prompt_cost: request.prompt_cost ?? null,
    output_cost: request.output_cost ?? null,
    finish_reason: request.finish_reason ?? null,
    inputs: request.inputs ?? {},
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
  };
}

/**
 * A moment of a request in our form. One without a zone is meant as UTC.
 *
 * @throws `invalid` for one that no calendar has, such as a leap second, or year 0.
 */
function utc(
  request: AgentLogRequest,
  field: 'created_at' | 'start_time' | 'end_time',
): string | null {
  const text = request[field];
  if (!text) return null;
  const [, day, time, fraction = '', zone = ''] = moment.exec(text) ?? [];
  const date = new Date(`${day}T${time}${zoneOf(zone)}`);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) {
    const msg = 'Must be a moment that the calendar has, from the year 1 to 9999.';
    throw invalid(['body', field], msg);
  }
  // A Date knows milliseconds; the microseconds are taken over from the text.
  return `${date.toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

/** What the format `iso-date-time` lets through: date, time to the second, its fraction, the zone. */
const moment = /^(.{10}).(.{8})(?:\.(\d+))?(.*)$/;

/** `Z` or `+05:00`, from any spelling of a zone. */
function zoneOf(text: string): string {
  const [, hours, minutes = '00'] = /^([+-]\d\d)(?::?(\d\d))?$/.exec(text) ?? [];
  return hours === undefined ? 'Z' : `${hours}:${minutes}`;
}
