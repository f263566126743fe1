import * as s from 'humanloop/core/schemas/index.js';
import * as sdk from 'humanloop/serialization/index.js';

// The unions of the v5 clients, in the order in which these try their members. What the published
// client has is taken from it; the members about agents, which it is too old for, are written here in
// its own schema language. Inside a union a member is checked strictly, all the way down.

const text = s.string();
const maybe = {
  text: s.string().optional(),
  number: s.number().optional(),
  date: s.date().optional(),
  object: s.record(s.string(), s.unknown()).optional(),
};

const onAgentCall = s.enum_(['stop', 'continue']).optional();

const inlineTool = s.object({
  type: s.stringLiteral('inline'),
  json_schema: sdk.ToolFunction,
  on_agent_call: onAgentCall,
});

const linkedFileTool = s.object({
  type: s.stringLiteral('file'),
  link: s.object({ file_id: text, environment_id: maybe.text, version_id: maybe.text }),
  on_agent_call: onAgentCall,
  file: s.lazy(() => unionOf(files)).optional(),
});

const agent = s.object({
  path: text,
  id: text,
  type: s.stringLiteral('agent').optional(),
  name: text,
  model: text,
  version_id: text,
  created_at: s.date(),
  updated_at: s.date(),
  last_used_at: s.date(),
  status: s.enum_(['uncommitted', 'committed', 'deleted']),
  tools: s.list(s.undiscriminatedUnion([linkedFileTool, inlineTool])),
  version_logs_count: s.number(),
  total_logs_count: s.number(),
  inputs: s.list(sdk.InputResponse),
  environments: s.list(sdk.EnvironmentResponse).optional(),
  template: s.undiscriminatedUnion([text, s.list(sdk.ChatMessage)]).optional(),
  max_tokens: maybe.number,
  temperature: maybe.number,
  top_p: maybe.number,
  max_iterations: maybe.number,
  other: maybe.object,
  attributes: maybe.object,
  schema: maybe.object,
  tags: s.list(text).optional(),
  committed_at: maybe.date,
  readme: maybe.text,
});

/** What a model said, in a log or a piece of a stream. */
const said = {
  output: maybe.text,
  output_message: sdk.ChatMessage.optional(),
  created_at: maybe.date,
  error: maybe.text,
  provider_latency: maybe.number,
  stdout: maybe.text,
  prompt_tokens: maybe.number,
  reasoning_tokens: maybe.number,
  output_tokens: maybe.number,
  prompt_cost: maybe.number,
  output_cost: maybe.number,
  finish_reason: maybe.text,
};

const agentLogStream = s.object({ id: text, agent_id: text, version_id: text, ...said });

const agentLog = s.object({
  ...said,
  agent: agent,
  id: text,
  evaluator_logs: s.list(s.lazyObject(() => sdk.EvaluatorLogResponse)),
  messages: s.list(sdk.ChatMessage).optional(),
  previous_agent_message: sdk.ChatMessage.optional(),
  start_time: maybe.date,
  end_time: maybe.date,
  provider_request: maybe.object,
  provider_response: maybe.object,
  inputs: maybe.object,
  source: maybe.text,
  metadata: maybe.object,
  log_status: s.enum_(['complete', 'incomplete']).optional(),
  source_datapoint_id: maybe.text,
  trace_parent_id: maybe.text,
  trace_flow_id: maybe.text,
  trace_id: maybe.text,
  trace_children: s.list(s.lazy(() => unionOf(logs))).optional(),
  batches: s.list(text).optional(),
  user: maybe.text,
  environment: maybe.text,
  save: s.boolean().optional(),
  log_id: maybe.text,
});

/** Its members by name, in order. */
type Union = Readonly<Record<string, Pick<s.Schema, 'parse'>>>;

export const files: Union = {
  prompt: sdk.PromptResponse,
  tool: sdk.ToolResponse,
  dataset: sdk.DatasetResponse,
  evaluator: sdk.EvaluatorResponse,
  flow: sdk.FlowResponse,
  agent,
};

export const logs: Union = {
  promptLog: sdk.PromptLogResponse,
  toolLog: sdk.ToolLogResponse,
  evaluatorLog: sdk.EvaluatorLogResponse,
  flowLog: sdk.FlowLogResponse,
  agentLog,
};

export const streamPayloads: Union = {
  promptCallStream: sdk.PromptCallStreamResponse,
  agentLogStream,
  ...logs,
  toolCall: sdk.ToolCall,
};

export const agentTools: Union = { linkedFileTool, inlineTool };

/** The members of a union that a value parses as: it should be one. */
export function membersMatching(union: Union, value: unknown): readonly string[] {
  return Object.entries(union)
    .filter(([, member]) => member.parse(value, { unrecognizedObjectKeys: 'passthrough' }).ok)
    .map(([name]) => name);
}

function unionOf(union: Union): s.Schema {
  return s.undiscriminatedUnion(Object.values(union) as [s.Schema, ...s.Schema[]]);
}
