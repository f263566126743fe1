import { type Static, Type } from 'typebox';
import { resultSchema, toolFunction } from '../chat.ts';
import {
  checkedByCode,
  hasText,
  notBoth,
  outputOrError,
  requiresPathOrId,
} from '../checked-by-code.ts';
import { secretHeaders } from '../headers.ts';
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
    '`stop` ends the turn when the model calls the tool. `continue` (default) continues with its result.',
});

const inlineTool = Type.Object(
  {
    type: Type.Literal('inline'),
    json_schema: toolFunction,
    result_schema: optional(resultSchema),
    on_agent_call: optional(onAgentCall),
  },
  { title: 'AgentInlineTool' },
);

const linkedFileTool = Type.Object(
  {
    type: Type.Literal('file'),
    link: Type.Object(
      {
        file_id: Type.String({ minLength: 1 }),
        /** Always use this version. */
        version_id: optional(Type.String()),
        environment_id: optional(
          Type.String({
            description:
              'The id or name of an environment: its deployed version is used. Without this and `version_id`, it is the default environment.',
          }),
        ),
      },
      {
        title: 'LinkedFileRequest',
        ...checkedByCode(notBoth(hasText('version_id', 1), hasText('environment_id', 1))),
      },
    ),
    on_agent_call: optional(onAgentCall),
  },
  { title: 'AgentLinkedFileRequest' },
);

const mcpTool = Type.Object(
  {
    type: Type.Literal('mcp'),
    server: Type.Object({
      url: Type.String({
        minLength: 1,
        maxLength: 2_000,
        description:
          'The URL where the server speaks MCP over Streamable HTTP. Answers show it, so put credentials in `headers`.',
        ...checkedByCode({ pattern: '^\\s*[Hh][Tt][Tt][Pp][Ss]?:' }),
      }),
      headers: optional(
        secretHeaders(
          'Headers to send with every request. Values are stored encrypted and shown as `***`. If you send `***`, the value of the newest version with this server and header is kept.',
        ),
      ),
    }),
    allowed_tools: optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        maxItems: 256,
        description: 'The tools of the server to offer. Default: all of them.',
      }),
    ),
    on_agent_call: optional(onAgentCall),
  },
  { title: 'AgentMcpTool' },
);

/**
 * A tool of an agent: defined inline and run by the client; a link to another file; or an MCP
 * server, which offers and runs its own tools.
 */
export const agentTool = Type.Unsafe<
  Static<typeof inlineTool> | Static<typeof linkedFileTool> | Static<typeof mcpTool>
>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [inlineTool, linkedFileTool, mcpTool],
});

/** How often a model may be called in one turn of an agent that does not say it. */
export const defaultMaxIterations = 10;

/** The fields that define a version of an agent. */
export const agentSpec = Type.Object(
  {
    ...modelSpecProperties,
    /** Limited, because vendors accept about 128 tools, and each link costs a query. */
    tools: optional(Type.Array(agentTool, { maxItems: 256 })),
    max_iterations: optional(
      Type.Integer({
        minimum: 1,
        description: `How often the model may be called in one turn. Default: ${defaultMaxIterations}.`,
      }),
    ),
  },
  { title: 'AgentKernelRequest' },
);

/** An agent inside a request: its fields, or the text of an `.agent` file. */
export const inlineAgent = Type.Union([
  agentSpec,
  Type.String({ description: 'The text of an `.agent` file.' }),
]);

/** A run of an agent that happened elsewhere, to record as a log. */
export const agentLogRequest = Type.Object(
  {
    ...logProperties,
    agent: optional(inlineAgent),
    run_id: optional(Type.String()),
    ...statusProperties,
    ...conversationProperties,
    ...modelLogProperties,
    ...outcomeProperties,
  },
  requiresPathOrId,
);

/**
 * What can be changed in a log. `null` clears `output` and `error`; in other fields it changes
 * nothing.
 */
export const agentLogUpdate = Type.Object(
  {
    ...conversationProperties,
    inputs: logProperties.inputs,
    output: outcomeProperties.output,
    error: outcomeProperties.error,
    ...statusProperties,
  },
  outputOrError,
);

export type AgentTool = Static<typeof agentTool>;
export type McpAgentTool = Static<typeof mcpTool>;
export type AgentSpec = Static<typeof agentSpec>;
