import { logSpan } from '../../logs/spans/span.ts';
import { callStream, cancelledCall, finishedCall } from './examples/agent-run.ts';
import { logAnswer, records, traceAnswer } from './examples/logs.ts';
import { upserts } from './examples/upserts.ts';
import type { OperationText } from './operation-text.ts';

const page = { page: 1, size: 10, total: 1 };
const noContent = { log: null, turn: null, call: null };

const { agent } = records;
const spanExample = logSpan(
  {
    ...agent,
    path: upserts.agent.path,
    started_at: agent.start_time ?? agent.created_at,
    run_state: null,
    suspended_at: null,
  },
  { rootId: agent.id, logs: new Map(), turns: new Map(), answering: new Map() },
);

const statsExample = {
  total: 128,
  total_is_exact: true,
  errors: 3,
  latency: { p50: 1.4, p95: 6.2, p99: 11.8 },
  cost: 0.52,
  cost_p95: 0.011,
  cost_p99: 0.03,
  logs_without_cost: 0,
  tokens: 48_210,
  from: '2026-05-04T00:00:00.000000Z',
  until: '2026-05-04T23:59:59.999999Z',
  bucket_seconds: 1_800,
  buckets: [
    {
      from: '2026-05-04T10:00:00.000000Z',
      count: 128,
      errors: 3,
      p50: 1.4,
      p95: 6.2,
      cost: 0.52,
    },
  ],
};

/** The texts of operations about logs of all kinds. */
export const logOperations: Readonly<Record<string, OperationText>> = {
  logs_list: {
    summary: 'List logs',
    description:
      'One page of the logs of a file or, without `file_id`, of all files. The filters can be combined. Up to 100,000 matching logs are counted exactly.',
    returns: 'The logs of the page, and the number of matching logs.',
    answer: {
      LogPage: {
        ...page,
        records: [logAnswer('prompt')],
        total_is_exact: true,
        next_cursor: null,
      },
    },
    refusals: ['file_not_found'],
  },
  logs_get: {
    summary: 'Get a log',
    description: 'A log with all logs below it: its trace.',
    returns: 'The log, with the logs below it in `trace_children`.',
    answer: { Trace: traceAnswer() },
    refusals: ['log_not_found'],
  },
  logs_stats: {
    summary: 'Add up logs',
    description:
      'What the logs that match add up to: how many there are and how many failed, how long they took, what they cost, and the same by time. The filters are those of the list.',
    returns:
      'The figures of all matching logs, and of stretches of time. Those begin at multiples of `bucket_seconds`, a round number.',
    answer: { LogStats: statsExample },
    refusals: ['file_not_found'],
  },
  logs_neighbours: {
    summary: 'Get the logs beside a log',
    description:
      'The logs right before and right after a log in a list with these filters and this order. The log itself need not match.',
    returns: 'The ids of the two logs; null at the ends of the list.',
    answer: { Neighbours: { previous: records.flow.id, next: null } },
    refusals: ['log_not_found', 'file_not_found'],
  },
  logs_delete_matching: {
    summary: 'Delete logs that match a filter',
    description:
      'Deletes the newest 1,000 logs that match, with all logs below them, and ends their runs. Send the request again until `is_done` is true. Give an `end_date` so that logs that come meanwhile stay.',
    returns: 'How many logs were deleted, and whether all that match are.',
    request: { LogDeletion: { filter: { user: 'customer-17', end_date: '2026-05-04T00:00:00Z' } } },
    answer: { LogsDeleted: { deleted: 2, is_done: true } },
    refusals: ['file_not_found'],
  },
  logs_export: {
    summary: 'Export logs',
    description:
      'All logs that match, as a file. It is read and sent piece by piece. A cell of a CSV file that begins like a formula begins with an apostrophe, so that no spreadsheet runs it.',
    returns: 'One log in each line, without the logs below it; or a table with a row for each log.',
    answer: { ExportedLogs: `${JSON.stringify(logAnswer('tool'))}\n` },
    refusals: ['file_not_found'],
  },
  logs_fork: {
    summary: 'Run an agent again from a turn',
    description:
      'Starts a run that has the turns of a log before `turn`, and runs that turn and what follows again. What is taken from the log is not paid again, and its tools are not run. You can change the version, the inputs, and messages and tool results before the turn. The run is one like any other: it has a log of its own, may be suspended and continued, and goes on after a crash.',
    returns:
      'The log of the new run, complete or suspended, as the call of an agent answers it. `forked_from` names the log and the turn.',
    request: {
      Fork: {
        turn: 1,
        agent: { template: [{ role: 'system', content: 'You are a teller. Be brief.' }] },
        messages: [{ role: 'user', content: 'And on Sunday?' }],
      },
    },
    answer: {
      ForkedCall: { ...finishedCall, forked_from: { log_id: records.agent.id, turn: 1 } },
    },
    stream: {
      events: 'The events are those of a call of an agent.',
      examples: { ForkStream: callStream },
    },
    refusals: [
      'log_not_found',
      'cannot_fork',
      'log_id_taken',
      'version_not_found',
      'too_many_runs',
    ],
    failure: 'provider_unavailable',
  },
  logs_spans: {
    summary: 'List the spans of a trace',
    description:
      'A log and all logs below it without their payloads, with the model calls and tool calls of agents, in the order of their start. A trace of any length is read by pages. While `is_open` is true, ask again with `since` for what has changed.',
    returns:
      'The spans of the page. Each names the one above it. A span that comes again replaces the earlier one.',
    answer: {
      Spans: { spans: [spanExample], next_cursor: null, changes: '4711', is_open: false },
    },
    refusals: ['log_not_found'],
  },
  logs_span: {
    summary: 'Get a span with its payloads',
    description:
      'One span by its id: the log, without the logs below it; the turn, with what the model and its tools said and what went over the wire; or the tool call.',
    returns: 'The log, the turn or the call. The other two are null.',
    answer: {
      SpanOfLog: { ...noContent, id: records.agent.id, kind: 'agent', log: logAnswer('agent') },
    },
    refusals: ['log_not_found'],
  },
  logs_events: {
    summary: 'Follow the events of a run',
    description:
      'Sends the events of a run, from any event on, and follows the run until it is complete or suspended. You can ask any server, even if the server that started the run has died. Events are kept for an hour after the end of the run, and not at all for calls with `save: false`. Event numbers rise. They skip numbers where another server took the run over. If a model call is repeated after that, it begins with another `agent_start`: discard its earlier events.',
    returns:
      'Server-sent events, as in the stream of the call. Each has a number as its `id` and JSON as its `data`. `data: [DONE]` ends the stream. If the stream ends without it, ask again with the number of the last event.',
    stream: {
      events: 'The events are the same as in the stream of the call.',
      examples: { RunEvents: callStream },
    },
    refusals: ['log_not_found', 'events_gone'],
  },
  logs_cancel: {
    summary: 'Cancel a run',
    description:
      'Ends a run for good, whether it is in progress or suspended, and the runs below it. Model calls, tools and sandboxes in progress are stopped. Requests that wait for the run get its log.',
    returns: 'The log: complete, with `error` set to `cancelled`.',
    answer: { CancelledCall: cancelledCall },
    refusals: ['log_not_found', 'run_ended'],
  },
  logs_delete: {
    summary: 'Delete logs',
    description: 'Deletes logs with all logs below them, and ends their runs.',
    returns: 'No content.',
  },
  import_otel_traces: {
    summary: 'Import traces of the v5 clients',
    description:
      'Accepts the OpenTelemetry traces in JSON that the decorators of v5 clients send. Each call of a tool or a model becomes a log, and the end of a flow completes its log. Other spans are ignored. A span that is sent twice is stored once. A span that cannot be stored is rejected, and the others are still stored. The answer is then still 200, because these clients stop sending after any other.',
    returns:
      'The ids of the logs, in the order of the spans, and the reasons why spans were rejected.',
    request: {
      OtelTraces: {
        resourceSpans: [
          {
            scopeSpans: [
              {
                scope: { name: 'humanloop.sdk.decorator' },
                spans: [
                  {
                    traceId: '5b8efff798038103d269b633813fc60c',
                    spanId: 'eee19b7ec3c1b174',
                    name: 'multiply',
                    startTimeUnixNano: '1777888800000000000',
                    endTimeUnixNano: '1777888800100000000',
                    attributes: [
                      { key: 'humanloop.file.type', value: { stringValue: 'tool' } },
                      { key: 'humanloop.file.path', value: { stringValue: upserts.tool.path } },
                      { key: 'humanloop.log.inputs.a', value: { stringValue: '6' } },
                      { key: 'humanloop.log.inputs.b', value: { stringValue: '7' } },
                      { key: 'humanloop.log.output', value: { stringValue: '42' } },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    },
    answer: { ImportedTraces: { records: [records.tool.id] } },
  },
};
