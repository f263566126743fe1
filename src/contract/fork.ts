import { type Static, Type } from 'typebox';
import { chatMessage } from './chat.ts';
import { agentSpec } from './kinds/agent.ts';
import { logProperties } from './log.ts';
import { optional } from './nullable.ts';
import { providerApiKeys } from './providers.ts';

const { inputs, user, metadata, environment, save, log_id } = logProperties;
const { content } = chatMessage.properties;

/** Another text for a message of a conversation. */
const messageEdit = Type.Object(
  {
    index: Type.Integer({
      minimum: 0,
      description: 'The place of the message in the `messages` of the log, from 0.',
    }),
    content,
  },
  { title: 'MessageEdit' },
);

/** How to run an agent again from one of the turns of a log. */
export const logForkRequest = Type.Object({
  turn: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    description:
      'The first turn to run. Those before it are taken from the log. It may be the one after the last.',
  }),
  agent: optional(
    Type.Object(
      { ...agentSpec.properties, model: optional(agentSpec.properties.model) },
      {
        title: 'AgentKernelChanges',
        description:
          'Fields of the version that are to be different, for example `model` or `template`. The others stay; null sets a field back to its default.',
      },
    ),
  ),
  version_id: optional(
    Type.String({ description: 'Another version of the agent. Default: that of the log.' }),
  ),
  inputs,
  edits: optional(Type.Array(messageEdit, { maxItems: 1_000 })),
  messages: optional(
    Type.Array(chatMessage, {
      description:
        'Messages to add before the turn: answers to tool calls that are open there, or what a user says.',
    }),
  ),
  user,
  metadata,
  environment,
  save,
  log_id,
  stream: optional(
    Type.Boolean({ description: 'Answer with server-sent events instead of one body.' }),
  ),
  provider_api_keys: optional(providerApiKeys),
  return_inputs: optional(Type.Boolean()),
  include_trace_children: optional(Type.Boolean()),
});

export type LogForkRequest = Static<typeof logForkRequest>;
