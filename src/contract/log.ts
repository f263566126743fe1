import { type Static, Type } from 'typebox';
import { chatMessage, toolChoice } from './chat.ts';
import { pathSchema } from './checked-by-code.ts';
import { nullable, oneOf, optional } from './nullable.ts';
import { deprecated, oldName } from './old-names.ts';
import { loggedTime, time } from './time.ts';

const anyObject = Type.Record(Type.String(), Type.Unknown());
/** The largest number that an `integer` column of Postgres can hold. */
export const largestCount = 2_147_483_647;
const count = Type.Integer({ minimum: 0, maximum: largestCount });

export const logStatus = oneOf(['complete', 'incomplete']);

/**
 * A log id that a client chooses. It is used in URLs, so it has only characters that need no
 * escape.
 */
const logId = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: '^[A-Za-z0-9_.:~@+-]+$',
  not: {
    enum: ['.', '..'],
    description: 'clients remove these from URLs, so the log could not be read',
  },
});

/** Fields that calls and logs share: the file, the inputs, and the place in a trace. */
export const logProperties = {
  path: optional(pathSchema),
  id: optional(Type.String()),
  inputs: optional(anyObject),
  source: optional(Type.String()),
  metadata: optional(anyObject),
  start_time: optional(loggedTime),
  end_time: optional(loggedTime),
  source_datapoint_id: optional(Type.String()),
  trace_parent_id: optional(Type.String()),
  user: optional(Type.String()),
  environment: optional(Type.String()),
  save: optional(Type.Boolean()),
  log_id: optional(logId),
};

/** The outcome of a run. */
export const outcomeProperties = {
  output: optional(Type.String()),
  error: optional(Type.String()),
  created_at: optional(loggedTime),
  provider_latency: optional(Type.Number({ minimum: 0, description: 'Seconds.' })),
  stdout: optional(Type.String()),
  provider_request: optional(anyObject),
  provider_response: optional(anyObject),
};

/** The conversation of a run. */
export const conversationProperties = {
  messages: optional(Type.Array(chatMessage)),
  output_message: optional(chatMessage),
};

/** How a model was called, and what it used. */
export const modelLogProperties = {
  tool_choice: optional(toolChoice),
  prompt_tokens: optional(count),
  reasoning_tokens: optional(count),
  output_tokens: optional(count),
  prompt_cost: optional(Type.Number({ minimum: 0, description: 'US dollars.' })),
  output_cost: optional(Type.Number({ minimum: 0, description: 'US dollars.' })),
  finish_reason: optional(Type.String()),
};

export const statusProperties = {
  log_status: optional(logStatus),
  trace_status: oldName('trace_status', logStatus),
};

/** The fields of logs of all kinds of files. Each kind has some of them. */
const anyLog = Type.Object({
  ...logProperties,
  ...outcomeProperties,
  ...conversationProperties,
  ...modelLogProperties,
  log_status: statusProperties.log_status,
  run_id: optional(Type.String()),
  parent_id: optional(Type.String()),
  judgment: optional(Type.Unknown()),
  marked_completed: optional(Type.Boolean()),
});

/** A run to record as a log, for any kind of file. */
export type LogRequest = Static<typeof anyLog>;

/** What can be changed in a log, for any kind of file. */
export type LogUpdate = Pick<
  LogRequest,
  | keyof typeof outcomeProperties
  | keyof typeof conversationProperties
  | keyof typeof modelLogProperties
  | 'log_status'
  | 'inputs'
  | 'source'
  | 'metadata'
  | 'start_time'
  | 'end_time'
>;

/** How the run of an agent's log stands; null when it has ended. */
export const runState = nullable(
  Type.Object(
    {
      state: oneOf(['running', 'suspended', 'interrupted']),
      iterations: Type.Integer({ description: 'How often the model was called.' }),
      lease_expires_at: nullable(time),
      lost_keys: Type.Array(Type.String(), {
        description:
          'The providers whose keys came with the call of an interrupted run, and are lost. Its continue has to bring those that neither the organization nor the server has.',
      }),
    },
    { additionalProperties: true, title: 'RunStateResponse' },
  ),
);

/** Fields in the answers about every log, besides its file. */
export const logResponseProperties = {
  id: Type.String(),
  evaluator_logs: Type.Array(Type.Ref('EvaluatorLogResponse')),
  log_id: Type.String(),
  output_message: nullable(chatMessage),
  output: nullable(Type.String()),
  error: nullable(Type.String()),
  prompt_tokens: nullable(count),
  reasoning_tokens: nullable(count),
  output_tokens: nullable(count),
  prompt_cost: nullable(Type.Number()),
  output_cost: nullable(Type.Number()),
  finish_reason: nullable(Type.String()),
  messages: Type.Array(chatMessage),
  tool_choice: nullable(toolChoice),
  created_at: time,
  start_time: nullable(time),
  end_time: nullable(time),
  provider_latency: nullable(Type.Number()),
  stdout: nullable(Type.String()),
  provider_request: nullable(anyObject),
  provider_response: nullable(anyObject),
  inputs: nullable(anyObject),
  source: nullable(Type.String()),
  metadata: nullable(anyObject),
  log_status: nullable(logStatus),
  trace_status: Type.Unsafe<string | null>({
    ...nullable(logStatus),
    ...deprecated('trace_status'),
  }),
  source_datapoint_id: nullable(Type.String()),
  trace_parent_id: nullable(Type.String()),
  trace_flow_id: nullable(Type.String()),
  trace_id: nullable(Type.String()),
  trace_children: nullable(Type.Array(Type.Ref('LogResponse'))),
  batches: Type.Array(Type.String()),
  user: nullable(Type.String()),
  environment: nullable(Type.String()),
  save: Type.Boolean(),
};
