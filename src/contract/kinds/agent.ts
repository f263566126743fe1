import { type Static, Type } from 'typebox';
import { chatMessage, responseFormat, toolFunction } from '../chat.ts';
import { oneOf, optional } from '../nullable.ts';
import { modelProvider } from '../providers.ts';

const onAgentCall = oneOf(['stop', 'continue'], {
  description:
    '`stop` ends the turn when the tool is called; `continue` (default) goes on with its result.',
});

const inlineTool = Type.Object({
  type: Type.Literal('inline'),
  json_schema: toolFunction,
  on_agent_call: optional(onAgentCall),
});

const linkedFileTool = Type.Object({
  type: Type.Literal('file'),
  link: Type.Object({
    file_id: Type.String({ minLength: 1 }),
    /** Pins a version. */
    version_id: optional(Type.String()),
    /** Follows what is deployed there; with neither, the default environment. */
    environment_id: optional(Type.String()),
  }),
  on_agent_call: optional(onAgentCall),
});

/** A tool of an agent: described in place, and run by the client; or a link to another file. */
export const agentTool = Type.Unsafe<Static<typeof inlineTool> | Static<typeof linkedFileTool>>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [inlineTool, linkedFileTool],
});

/** The fields that agents and prompts have in common. */
export const modelSpecProperties = {
  model: Type.String({ minLength: 1, description: 'The model, in its vendor’s words.' }),
  endpoint: optional(oneOf(['complete', 'chat', 'edit'])),
  template: optional(Type.Union([Type.String(), Type.Array(chatMessage)])),
  template_language: optional(oneOf(['default', 'jinja'])),
  provider: optional(modelProvider),
  max_tokens: optional(Type.Integer({ minimum: -1, description: '-1: as many as fit.' })),
  temperature: optional(Type.Number()),
  top_p: optional(Type.Number()),
  stop: optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  presence_penalty: optional(Type.Number({ minimum: -2, maximum: 2 })),
  frequency_penalty: optional(Type.Number({ minimum: -2, maximum: 2 })),
  other: optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'Further fields of the request to the vendor, sent as they are.',
    }),
  ),
  seed: optional(Type.Integer()),
  response_format: optional(responseFormat),
  reasoning_effort: optional(
    Type.Union([oneOf(['high', 'medium', 'low']), Type.Integer({ minimum: 0 })], {
      description: 'A word for OpenAI’s models, a budget of tokens for Anthropic’s.',
    }),
  ),
  attributes: optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'Anything that should tell this version from others.',
    }),
  ),
};

/** What defines a version of an agent. */
export const agentSpec = Type.Object({
  ...modelSpecProperties,
  /** Vendors take about 128; each link is looked up one by one. */
  tools: optional(Type.Array(agentTool, { maxItems: 256 })),
  max_iterations: optional(
    Type.Integer({
      minimum: 1,
      description: 'How often the model may be called in one turn; 10 when it is not given.',
    }),
  ),
});

/** An agent inside of a request: its fields, or the text of an `.agent` file that says them. */
export const inlineAgent = Type.Union([
  agentSpec,
  Type.String({ description: 'The text of an `.agent` file.' }),
]);

/** A request once the text in it, if it had one, was read. */
export type WithAgentSpec<Request> = Omit<Request, 'agent'> & {
  readonly agent?: AgentSpec | null | undefined;
};

export type AgentTool = Static<typeof agentTool>;
export type AgentSpec = Static<typeof agentSpec>;
