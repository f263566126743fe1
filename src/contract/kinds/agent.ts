import { type Static, Type } from 'typebox';
import { toolFunction } from '../chat.ts';
import {
  conversationProperties,
  logProperties,
  modelLogProperties,
  outcomeProperties,
  statusProperties,
} from '../log.ts';
import { oneOf, optional } from '../nullable.ts';
import { modelSpecProperties } from './model.ts';

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

/** A run of an agent that was made elsewhere, to be kept as a log. */
export const agentLogRequest = Type.Object({
  ...logProperties,
  agent: optional(inlineAgent),
  run_id: optional(Type.String()),
  ...statusProperties,
  ...conversationProperties,
  ...modelLogProperties,
  ...outcomeProperties,
});

/** What can be changed of a log; `null` clears `output` and `error`, and is nothing elsewhere. */
export const agentLogUpdate = Type.Object({
  ...conversationProperties,
  inputs: logProperties.inputs,
  output: outcomeProperties.output,
  error: outcomeProperties.error,
  ...statusProperties,
});

export type AgentTool = Static<typeof agentTool>;
export type AgentSpec = Static<typeof agentSpec>;
