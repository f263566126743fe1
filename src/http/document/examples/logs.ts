import type { FileType } from '../../../contract/kinds/index.ts';
import type { LogRequest, LogUpdate } from '../../../contract/log.ts';
import { contentId } from '../../../kernel/ids.ts';
import type { LogRecord } from '../../../logs/log-record.ts';
import { newLogRecord } from '../../../logs/new-log.ts';
import { logBody } from '../../../wire/log.ts';
import { at, versions } from './files.ts';
import { upserts } from './upserts.ts';

/** The kinds that have logs. */
export type LoggedType = Exclude<FileType, 'dataset'>;

const question = 'My invoice is wrong.';

/** The log that other examples judge and add logs to. */
export const flowLogId = contentId('log', upserts.flow.path);

/** The request that records a run, for each kind. */
export const logRequests = {
  agent: {
    path: upserts.agent.path,
    inputs: { bank: 'Northbank' },
    messages: [{ role: 'user', content: 'When do you open?' }],
    output_message: { role: 'assistant', content: 'At nine, Monday to Friday.' },
    prompt_tokens: 31,
    output_tokens: 9,
    finish_reason: 'stop',
    log_status: 'complete',
    start_time: '2026-05-04T10:00:00Z',
    end_time: '2026-05-04T10:00:01.4Z',
  },
  prompt: {
    path: upserts.prompt.path,
    inputs: { request: question },
    messages: [],
    output_message: { role: 'assistant', content: 'billing' },
    prompt_tokens: 34,
    output_tokens: 1,
    prompt_cost: 0.0000051,
    output_cost: 0.0000006,
    finish_reason: 'stop',
    start_time: '2026-05-04T10:00:00Z',
    end_time: '2026-05-04T10:00:00.6Z',
    trace_parent_id: flowLogId,
  },
  tool: {
    path: upserts.tool.path,
    inputs: { a: 6, b: 7 },
    output: '42',
    start_time: '2026-05-04T10:00:00Z',
    end_time: '2026-05-04T10:00:00.1Z',
  },
  flow: {
    path: upserts.flow.path,
    flow: { attributes: { ...upserts.flow.attributes, steps: [...upserts.flow.attributes.steps] } },
    inputs: { request: question },
    log_status: 'incomplete',
    user: 'customer-17',
    metadata: { ticket: 'T-1024' },
    start_time: '2026-05-04T10:00:00Z',
  },
  evaluator: {
    path: upserts.evaluator.path,
    parent_id: contentId('log', upserts.prompt.path),
    judgment: true,
  },
} satisfies Readonly<Record<LoggedType, LogRequest & { readonly flow?: object }>>;

/** The request that changes the log of each kind whose logs can be changed. */
export const logUpdates: Partial<Record<LoggedType, LogUpdate>> = {
  agent: { output: 'At nine, on weekdays.' },
  prompt: { finish_reason: 'stop', metadata: { reviewed: true } },
  tool: { output: '42', stdout: '' },
  flow: { output: 'We have sent you a new invoice.', log_status: 'complete' },
};

/** The logs that the {@link logRequests} create. */
export const records = Object.fromEntries(
  (Object.keys(logRequests) as LoggedType[]).map((type) => [type, makeRecord(type)]),
) as Readonly<Record<LoggedType, LogRecord>>;

/** An example log, as answers show it. */
export function logAnswer(type: LoggedType, changes: LogUpdate = {}): Record<string, unknown> {
  const record = { ...records[type], ...changes } as LogRecord;
  return logBody({ view: asView(record), version: versions[type] });
}

/** The completed log of the flow, with the log of the prompt below it. */
export function traceAnswer(): Record<string, unknown> {
  const record = { ...records.flow, ...logUpdates.flow, end_time: at('10:00:02') } as LogRecord;
  return logBody(
    { view: asView(record), version: versions.flow },
    {
      trace: new Map([[flowLogId, [asView(records.prompt)]]]),
      versions: new Map(Object.values(versions).map((version) => [version.versionId, version])),
    },
  );
}

/** The log that a request creates. */
export function recordFrom(type: LoggedType, request: LogRequest): LogRecord {
  return newLogRecord(versions[type], request, {
    clock: { now: () => new Date(at('10:00:02')) },
    environment: undefined,
    requestFingerprint: null,
  });
}

function makeRecord(type: LoggedType): LogRecord {
  const request: LogRequest = logRequests[type];
  const log_id = contentId('log', upserts[type].path);
  const place = { trace_id: flowLogId, trace_parent_id: flowLogId, trace_flow_id: flowLogId };
  const record = recordFrom(type, { ...request, log_id });
  return request.trace_parent_id ? { ...record, ...place } : record;
}

function asView(record: LogRecord) {
  return { record, turns: [], run: null };
}
