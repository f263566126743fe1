import { type Static, Type } from 'typebox';
import { toolFunction } from '../chat.ts';
import { checkedByCode, hasText, notBoth, oneOutcome, saysWhichFile } from '../checked-by-code.ts';
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

const inlineTool = Type.Object(
  {
    type: Type.Literal('inline'),
    json_schema: toolFunction,
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
        /** Pins a version. */
        version_id: optional(Type.String()),
        environment_id: optional(
          Type.String({
            description:
              'The id of an environment, or its name: the version deployed there. With neither this nor `version_id`, the default environment.',
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

/** What answers show in place of a header's value; in a request: the value that was given before. */
export const keptHeader = '***';

const headerValue = Type.String({
  minLength: 1,
  maxLength: 8_000,
  ...checkedByCode({ pattern: '^[\\x21-\\x7e]([\\t\\x20-\\x7e]*[\\x21-\\x7e])?$' }),
});

const mcpTool = Type.Object(
  {
    type: Type.Literal('mcp'),
    server: Type.Object({
      url: Type.String({
        minLength: 1,
        maxLength: 2_000,
        description:
          'Where the server speaks MCP over Streamable HTTP. It is shown as it is: credentials belong in `headers`.',
        ...checkedByCode({ pattern: '^\\s*[Hh][Tt][Tt][Pp][Ss]?:' }),
      }),
      headers: optional(
        Type.Record(Type.String(), headerValue, {
          maxProperties: 32,
          description:
            'Sent with every request. Values are encrypted, and answered as `***`; sent as `***`, a value stays as it was in the newest version with this server and header.',
          ...checkedByCode({ propertyNames: { pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}$" } }),
        }),
      ),
    }),
    allowed_tools: optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        maxItems: 256,
        description: 'The tools of the server that are offered; all of them when it is not given.',
      }),
    ),
    on_agent_call: optional(onAgentCall),
  },
  { title: 'AgentMcpTool' },
);

/**
 * A tool of an agent: described in place, and run by the client; a link to another file; or a server
 * whose tools are offered, and run there.
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

/** What defines a version of an agent. */
export const agentSpec = Type.Object(
  {
    ...modelSpecProperties,
    /** Vendors take about 128; each link is looked up one by one. */
    tools: optional(Type.Array(agentTool, { maxItems: 256 })),
    max_iterations: optional(
      Type.Integer({
        minimum: 1,
        description: `How often the model may be called in one turn; ${defaultMaxIterations} when it is not given.`,
      }),
    ),
  },
  { title: 'AgentKernelRequest' },
);

/** An agent inside of a request: its fields, or the text of an `.agent` file that says them. */
export const inlineAgent = Type.Union([
  agentSpec,
  Type.String({ description: 'The text of an `.agent` file.' }),
]);

/** A run of an agent that was made elsewhere, to be kept as a log. */
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
  saysWhichFile,
);

/** What can be changed of a log; `null` clears `output` and `error`, and is nothing elsewhere. */
export const agentLogUpdate = Type.Object(
  {
    ...conversationProperties,
    inputs: logProperties.inputs,
    output: outcomeProperties.output,
    error: outcomeProperties.error,
    ...statusProperties,
  },
  oneOutcome,
);

export type AgentTool = Static<typeof agentTool>;
export type McpAgentTool = Static<typeof mcpTool>;
export type AgentSpec = Static<typeof agentSpec>;
