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

/** What defines a version of an agent. */
const kernel = {
  model: text,
  endpoint: s.enum_(['complete', 'chat', 'edit']).optional(),
  template: s.undiscriminatedUnion([text, s.list(sdk.ChatMessage)]).optional(),
  template_language: s.enum_(['default', 'jinja']).optional(),
  provider: sdk.ModelProviders.optional(),
  max_tokens: maybe.number,
  temperature: maybe.number,
  top_p: maybe.number,
  stop: s.undiscriminatedUnion([text, s.list(text)]).optional(),
  presence_penalty: maybe.number,
  frequency_penalty: maybe.number,
  other: maybe.object,
  seed: maybe.number,
  response_format: sdk.ResponseFormat.optional(),
  reasoning_effort: s
    .undiscriminatedUnion([s.enum_(['high', 'medium', 'low']), s.number()])
    .optional(),
  attributes: maybe.object,
  max_iterations: maybe.number,
};

const agentTool = s.undiscriminatedUnion([linkedFileTool, inlineTool]);

const agent = s.object({
  ...kernel,
  path: text,
  id: text,
  directory_id: maybe.text,
  type: s.stringLiteral('agent').optional(),
  name: text,
  version_id: text,
  created_at: s.date(),
  updated_at: s.date(),
  last_used_at: s.date(),
  status: s.enum_(['uncommitted', 'committed', 'deleted']),
  tools: s.list(agentTool),
  version_logs_count: s.number(),
  total_logs_count: s.number(),
  inputs: s.list(sdk.InputResponse),
  environments: s.list(sdk.EnvironmentResponse).optional(),
  schema: maybe.object,
  version_name: maybe.text,
  version_description: maybe.text,
  description: maybe.text,
  tags: s.list(text).optional(),
  committed_at: maybe.date,
  readme: maybe.text,
  evaluators: s.list(sdk.MonitoringEvaluatorResponse).optional(),
  evaluator_aggregates: s.list(sdk.EvaluatorAggregate).optional(),
  raw_file_content: maybe.text,
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
  tool_choice: s
    .undiscriminatedUnion([s.enum_(['none', 'auto', 'required']), sdk.ToolChoice])
    .optional(),
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

const file = s.lazy(() => unionOf(files));
const pageOf = <Raw, Parsed>(record: s.Schema<Raw, Parsed>) =>
  s.object({ records: s.list(record), page: s.number(), size: s.number(), total: s.number() });

/** What requests about agents and files are answered. */
export const answers = {
  agent,
  agentPage: pageOf(agent),
  agentVersions: s.object({ records: s.list(agent) }),
  agentLog,
  createdAgentLog: s.object({
    id: text,
    agent_id: text,
    version_id: text,
    log_status: s.enum_(['complete', 'incomplete']).optional(),
  }),
  agentKernel: s.object({ ...kernel, tools: s.list(agentTool).optional() }),
  environments: s.list(
    s.object({
      id: text,
      created_at: s.date(),
      name: text,
      tag: s.enum_(['default', 'other']),
      file: file.optional(),
    }),
  ),
  file,
  filePage: pageOf(file),
  log: s.lazy(() => unionOf(logs)),
};

/** Other keys than those that a client knows do no harm. */
const lenient = { unrecognizedObjectKeys: 'passthrough' } as const;

/** The members of a union that a value parses as: it should be one. */
export function membersMatching(union: Union, value: unknown): readonly string[] {
  return Object.entries(union)
    .filter(([, member]) => member.parse(value, lenient).ok)
    .map(([name]) => name);
}

/** What is the matter with an answer; nothing, when the clients can parse it. */
export function misfitsOf(schema: Pick<s.Schema, 'parse'>, answer: unknown): readonly string[] {
  const parsed = schema.parse(answer, lenient);
  return parsed.ok ? [] : parsed.errors.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

function unionOf(union: Union): s.Schema {
  return s.undiscriminatedUnion(Object.values(union) as [s.Schema, ...s.Schema[]]);
}
