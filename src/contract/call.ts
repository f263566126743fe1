import { type Static, Type } from 'typebox';
import { chatMessage } from './chat.ts';
import type { WithAgentSpec } from './kinds/agent.ts';
import { traceProperties } from './log.ts';
import { optional } from './nullable.ts';
import { providerApiKeys } from './providers.ts';

/** A call of an agent. */
export const agentCallRequest = Type.Object({
  ...traceProperties,
  stream: optional(
    Type.Boolean({ description: 'Answer with server-sent events instead of one body.' }),
  ),
  provider_api_keys: optional(providerApiKeys),
  return_inputs: optional(Type.Boolean()),
  include_trace_children: optional(Type.Boolean()),
});

/** The answers that a suspended call waits for. */
export const agentContinueRequest = Type.Object({
  log_id: Type.String({ minLength: 1 }),
  messages: Type.Array(chatMessage),
  stream: optional(Type.Boolean()),
  provider_api_keys: optional(providerApiKeys),
  include_trace_children: optional(Type.Boolean()),
});

export type AgentCallRequest = WithAgentSpec<Static<typeof agentCallRequest>>;
export type AgentContinueRequest = Static<typeof agentContinueRequest>;
