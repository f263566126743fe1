import { type Static, Type } from 'typebox';
import { chatMessage, toolChoice } from './chat.ts';
import { agentResponse } from './file.ts';
import { inlineAgent, type WithAgentSpec } from './kinds/agent.ts';
import { nullable, oneOf, optional } from './nullable.ts';

const open = { additionalProperties: true } as const;
const time = Type.String({ format: 'date-time' });
const anyObject = Type.Record(Type.String(), Type.Unknown());
/** The largest count that a column of Postgres can hold. */
export const largestCount = 2_147_483_647;
const count = Type.Integer({ minimum: 0, maximum: largestCount });
/** With a zone or without one, which means UTC. */
const givenTime = Type.String({ format: 'iso-date-time' });

export const logStatus = oneOf(['complete', 'incomplete']);

/** A client's own id of a log stands in URLs as it is, so it has no character that would not. */
const logId = Type.String({ minLength: 1, maxLength: 255, pattern: '^[A-Za-z0-9_.:~@+-]+$' });

/** What a call and a log have in common: whose it is, and where it belongs. */
export const traceProperties = {
  path: optional(Type.String()),
  id: optional(Type.String()),
  messages: optional(Type.Array(chatMessage)),
  tool_choice: optional(toolChoice),
  agent: optional(inlineAgent),
  inputs: optional(anyObject),
  source: optional(Type.String()),
  metadata: optional(anyObject),
  start_time: optional(givenTime),
  end_time: optional(givenTime),
  log_status: optional(logStatus),
  source_datapoint_id: optional(Type.String()),
  trace_parent_id: optional(Type.String()),
  user: optional(Type.String()),
  environment: optional(Type.String()),
  save: optional(Type.Boolean()),
  log_id: optional(logId),
};

/** A run that was made elsewhere, to be kept as a log. */
export const agentLogRequest = Type.Object({
  ...traceProperties,
  run_id: optional(Type.String()),
  output_message: optional(chatMessage),
  output: optional(Type.String()),
  error: optional(Type.String()),
  prompt_tokens: optional(count),
  reasoning_tokens: optional(count),
  output_tokens: optional(count),
  prompt_cost: optional(Type.Number({ minimum: 0 })),
  output_cost: optional(Type.Number({ minimum: 0 })),
  finish_reason: optional(Type.String()),
  created_at: optional(givenTime),
  provider_latency: optional(Type.Number({ minimum: 0 })),
  stdout: optional(Type.String()),
  provider_request: optional(anyObject),
  provider_response: optional(anyObject),
});

/** What can be changed of a log; `null` clears `output` and `error`, and is nothing elsewhere. */
export const agentLogUpdate = Type.Object({
  messages: optional(Type.Array(chatMessage)),
  output_message: optional(chatMessage),
  inputs: optional(anyObject),
  output: optional(Type.String()),
  error: optional(Type.String()),
  log_status: optional(logStatus),
});

export const agentLogCreated = Type.Object(
  {
    id: Type.String(),
    agent_id: Type.String(),
    version_id: Type.String(),
    log_status: optional(logStatus),
  },
  open,
);

/** The log of an agent, whether called, continued or logged. */
export const agentLogResponse = Type.Object(
  {
    agent: agentResponse,
    id: Type.String(),
    evaluator_logs: Type.Array(Type.Unknown()),
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
    source_datapoint_id: nullable(Type.String()),
    trace_parent_id: nullable(Type.String()),
    trace_flow_id: nullable(Type.String()),
    trace_id: nullable(Type.String()),
    trace_children: nullable(Type.Array(Type.Unknown())),
    batches: Type.Array(Type.String()),
    user: nullable(Type.String()),
    environment: nullable(Type.String()),
    save: Type.Boolean(),
    previous_agent_message: nullable(chatMessage),
  },
  open,
);

export const logListQuery = Type.Object({
  file_id: Type.String({ minLength: 1 }),
  page: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 }),
  size: Type.Integer({ minimum: 0, maximum: 1_000, default: 10 }),
  version_id: Type.Optional(Type.String()),
  include_trace_children: Type.Boolean({ default: false }),
});

export type AgentLogRequest = WithAgentSpec<Static<typeof agentLogRequest>>;
export type AgentLogUpdate = Static<typeof agentLogUpdate>;
