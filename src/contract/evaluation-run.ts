import { type Static, Type } from 'typebox';
import { evaluationStatus, versionReference } from './evaluation.ts';
import { user } from './file.ts';
import { datapoint } from './kinds/dataset.ts';
import { nullable, oneOf, optional } from './nullable.ts';
import { givenTime, time } from './time.ts';

const open = { additionalProperties: true } as const;
const anyObject = Type.Record(Type.String(), Type.Unknown());
const id = Type.String({ minLength: 1 });
const text = Type.String({ minLength: 1, maxLength: 1_000 });
const count = Type.Integer();

/** The most logs of a new Run. */
export const mostLogs = 100_000;
/** The most logs that one request adds to a Run. */
export const mostAddedLogs = 10_000;

const sample = Type.Number({
  exclusiveMinimum: 0,
  maximum: mostLogs,
  description:
    'A number of them from 1 on, or a share of them below 1. They are chosen at random, once.',
});

/** Which datapoints of a dataset a Run uses; one must match both. */
const datapointFilter = Type.Object({
  ids: optional(Type.Array(id, { minItems: 1, maxItems: mostLogs })),
  inputs: optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'Only datapoints whose inputs have these values.',
    }),
  ),
});

/** Which existing logs a Run uses: a log must match all of these. */
export const logFilter = Type.Object({
  file_id: id,
  version_id: optional(id),
  start_date: optional(Type.Unsafe<string>(givenTime)),
  end_date: optional(Type.Unsafe<string>(givenTime)),
  search: optional(
    Type.String({
      ...text,
      description: 'Part of the inputs, as JSON, or of the output. Case is ignored.',
    }),
  ),
  metadata_search: optional(
    Type.String({ ...text, description: 'Part of the metadata, as JSON. Case is ignored.' }),
  ),
  sample: optional(sample),
  limit: optional(
    Type.Integer({ minimum: 1, maximum: mostLogs, description: 'The newest of them.' }),
  ),
});

/** What happens when an agent calls a tool of the client in a log that the server makes. */
const clientTools = Type.Union([
  oneOf(['stop', 'suspend'], {
    description:
      '`stop` (default): the log ends with the call. `suspend`: the log waits for a continue.',
  }),
  Type.Record(
    Type.String(),
    Type.Object(
      { output: optional(Type.String()), error: optional(Type.String()) },
      { title: 'ClientToolResult' },
    ),
    { description: 'The results of calls, by the names of the tools.' },
  ),
]);

/** A new Run of an Evaluation. */
export const evaluationRunRequest = Type.Object({
  dataset: optional(versionReference),
  version: optional(versionReference),
  orchestrated: optional(
    Type.Boolean({
      description:
        'Whether the server makes the logs, by calling `version` for each datapoint of `dataset`. Default: true if both are given.',
    }),
  ),
  use_existing_logs: optional(
    Type.Boolean({
      description: 'Use the newest log of the version for each datapoint that has one.',
    }),
  ),
  trials: optional(
    Type.Integer({ minimum: 1, maximum: 20, description: 'Logs for each datapoint. Default: 1.' }),
  ),
  concurrency: optional(
    Type.Integer({ minimum: 1, maximum: 64, description: 'Calls at once. Default: 8.' }),
  ),
  sample: optional(sample),
  datapoints: optional(datapointFilter),
  logs: optional(logFilter),
  client_tools: optional(clientTools),
  name: optional(Type.String({ minLength: 1, maxLength: 255 })),
  metadata: optional(anyObject),
  max_cost: optional(
    Type.Number({
      exclusiveMinimum: 0,
      description: 'US dollars. When the logs and judgments have cost more, the Run is cancelled.',
    }),
  ),
});

/** What to change in a Run. */
export const evaluationRunUpdate = Type.Object({
  control: optional(
    Type.Boolean({
      description: 'Whether the Evaluation compares its other Runs with this one.',
    }),
  ),
  status: optional(
    oneOf(['cancelled', 'completed'], {
      description:
        '`completed`: what is not judged yet stays so. `cancelled`: calls in progress end, too.',
    }),
  ),
});

/** Logs to add to a Run. */
export const logsToAdd = Type.Object({
  log_ids: Type.Array(id, { minItems: 1, maxItems: mostAddedLogs }),
});

/** What of a Run is done again. */
export const retryRequest = Type.Object({
  what: optional(
    oneOf(['errors', 'missing', 'all'], {
      description:
        '`errors` (default): what has an error. `missing`: what is not there. `all`: everything.',
    }),
  ),
  evaluators: optional(
    Type.Array(id, {
      maxItems: 1_000,
      description: 'Only these versions of evaluators judge again.',
    }),
  ),
  logs: optional(
    Type.Boolean({
      description: 'Whether logs are made again. Default: true if the server makes them.',
    }),
  ),
});

/** Which logs of an Evaluation to list. */
export const evaluationLogsQuery = Type.Object({
  page: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 }),
  size: Type.Integer({ minimum: 0, maximum: 1_000, default: 10 }),
  run_id: Type.Optional(
    Type.Array(Type.String(), { maxItems: 1_000, description: 'Only the logs of these Runs.' }),
  ),
  include_trace_children: Type.Boolean({ default: false }),
});

const progress = Type.Object(
  { wanted: count, done: count, failed: count },
  {
    ...open,
    title: 'EvaluationRunProgress',
    description: '`failed` counts those of `done` that have an error.',
  },
);

/** A Run in an Evaluation. */
export const evaluationRunResponse = Type.Object(
  {
    id: Type.String(),
    dataset: nullable(Type.Ref('DatasetResponse')),
    version: nullable(Type.Ref('FileResponse')),
    orchestrated: Type.Boolean({ description: 'Whether the server makes the logs.' }),
    added_at: Type.Unsafe<string>({ ...time, description: 'When it came to this Evaluation.' }),
    created_at: time,
    created_by: nullable(user),
    status: evaluationStatus,
    control: Type.Boolean({
      description: 'Whether this Evaluation compares its other Runs with this one.',
    }),
    name: nullable(Type.String()),
    metadata: nullable(anyObject),
    error: nullable(Type.String({ description: 'Why the server cancelled it.' })),
    options: Type.Record(Type.String(), Type.Unknown(), {
      description: 'The further fields of the request, as they were given.',
    }),
    progress: Type.Object(
      {
        logs: progress,
        judgments: progress,
        waiting_for: Type.Array(oneOf(['server', 'client', 'people'])),
      },
      { ...open, title: 'EvaluationRunProgresses' },
    ),
    cost: Type.Object(
      { generation: nullable(Type.Number()), judging: nullable(Type.Number()) },
      {
        ...open,
        title: 'EvaluationRunCost',
        description: 'US dollars so far; null if a part is unknown.',
      },
    ),
  },
  { ...open, title: 'EvaluationRunResponse' },
);

/** A log of a Run. */
export const evaluationLogResponse = Type.Object(
  {
    run_id: Type.String(),
    datapoint: nullable(datapoint),
    log: Type.Ref('LogResponse'),
    evaluator_logs: Type.Array(Type.Ref('EvaluatorLogResponse'), {
      description: 'The judgments of the evaluators of this Evaluation.',
    }),
  },
  { ...open, title: 'EvaluationLogResponse' },
);

export type EvaluationRunRequest = Static<typeof evaluationRunRequest>;
export type EvaluationRunUpdate = Static<typeof evaluationRunUpdate>;
