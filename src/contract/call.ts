import { type Static, Type } from 'typebox';
import { chatMessage, toolChoice } from './chat.ts';
import { requiresPathOrId } from './checked-by-code.ts';
import { inlineAgent } from './kinds/agent.ts';
import { inlinePrompt } from './kinds/prompt.ts';
import { toolSpec } from './kinds/tool.ts';
import { logProperties, statusProperties } from './log.ts';
import { optional } from './nullable.ts';
import { providerApiKeys } from './providers.ts';

/** Fields that calls of agents and prompts share. */
const callProperties = {
  ...logProperties,
  messages: optional(Type.Array(chatMessage)),
  tool_choice: optional(toolChoice),
  stream: optional(
    Type.Boolean({ description: 'Answer with server-sent events instead of one body.' }),
  ),
  provider_api_keys: optional(providerApiKeys),
  return_inputs: optional(Type.Boolean()),
};

/** A call of an agent. */
export const agentCallRequest = Type.Object(
  {
    ...callProperties,
    agent: optional(inlineAgent),
    ...statusProperties,
    include_trace_children: optional(Type.Boolean()),
  },
  requiresPathOrId,
);

/** The most samples of one call. Vendors that accept a number of samples accept at most 128. */
const mostSamples = 128;

/** A call of a prompt. */
export const promptCallRequest = Type.Object(
  {
    ...callProperties,
    prompt: optional(inlinePrompt),
    num_samples: optional(Type.Integer({ minimum: 1, maximum: mostSamples })),
    logprobs: optional(Type.Integer({ minimum: 0, maximum: 20 })),
    suffix: optional(Type.String({ description: 'The text that follows the completion.' })),
  },
  requiresPathOrId,
);

/** A call of a tool. */
export const toolCallRequest = Type.Object(
  { ...logProperties, tool: optional(toolSpec) },
  requiresPathOrId,
);

/** The results that a suspended run waits for. */
export const agentContinueRequest = Type.Object({
  log_id: Type.String({ minLength: 1 }),
  messages: Type.Array(chatMessage),
  stream: optional(Type.Boolean()),
  provider_api_keys: optional(providerApiKeys),
  include_trace_children: optional(Type.Boolean()),
});

/** A call of any kind of file, without the version that it may define inline. */
export type CallRequest = Omit<Static<typeof agentCallRequest>, 'agent'> &
  Omit<Static<typeof promptCallRequest>, 'prompt'>;
export type AgentContinueRequest = Static<typeof agentContinueRequest>;
