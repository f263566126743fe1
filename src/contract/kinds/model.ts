import { type Static, Type } from 'typebox';
import { chatMessage, responseFormat } from '../chat.ts';
import { oneOf, optional } from '../nullable.ts';
import { type ProviderName, providerName } from '../providers.ts';

/** Characters of the name of a model. The longest are addresses of deployments. */
const longestModel = 2_000;

/**
 * A model to call when the models before it failed. Fields that it leaves out are those of the
 * version.
 */
const fallback = Type.Object(
  {
    provider: optional(providerName),
    model: Type.String({
      minLength: 1,
      maxLength: longestModel,
      description: 'The name that the vendor uses for the model.',
    }),
    other: optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          'Further fields of the request to this vendor. Default: those of the version if its vendor is the same, else none.',
      }),
    ),
  },
  // Refuse unknown fields: otherwise a mistyped one would be noticed only when the fallback is
  // needed.
  { additionalProperties: false, title: 'ModelFallback' },
);

/** The fields that agents and prompts share. */
export const modelSpecProperties = {
  model: Type.String({
    minLength: 1,
    maxLength: longestModel,
    description: 'The name that the vendor uses for the model.',
  }),
  endpoint: optional(oneOf(['complete', 'chat', 'edit'])),
  template: optional(Type.Union([Type.String(), Type.Array(chatMessage)])),
  template_language: optional(oneOf(['default', 'jinja'])),
  provider: optional(providerName),
  max_tokens: optional(Type.Integer({ minimum: -1, description: '-1: as many as fit.' })),
  temperature: optional(Type.Number()),
  top_p: optional(Type.Number()),
  stop: optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  presence_penalty: optional(Type.Number({ minimum: -2, maximum: 2 })),
  frequency_penalty: optional(Type.Number({ minimum: -2, maximum: 2 })),
  other: optional(
    Type.Object(
      {
        fallbacks: optional(
          Type.Array(fallback, {
            maxItems: 5,
            description:
              'Models to call, in this order, if a model call fails before its first token. Without `provider`, the vendor of the version is called. This field is not sent to the vendor.',
          }),
        ),
      },
      {
        additionalProperties: true,
        description: 'Further fields of the request to the vendor, sent unchanged.',
      },
    ),
  ),
  seed: optional(Type.Integer()),
  response_format: optional(responseFormat),
  reasoning_effort: optional(
    Type.Union([oneOf(['high', 'medium', 'low']), Type.Integer({ minimum: 0 })], {
      description: 'A word for OpenAI’s models, a number of tokens for Anthropic’s.',
    }),
  ),
  attributes: optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'Any data that distinguishes this version from others.',
    }),
  ),
};

export type Fallback = Static<typeof fallback>;

const modelSpec = Type.Object(modelSpecProperties);

/** How a version of an agent or a prompt calls its model. */
export type ModelSpec = Static<typeof modelSpec>;

/** What a version means by the fields that it leaves out. */
export const modelDefaults = {
  endpoint: 'chat',
  provider: 'openai',
  template_language: 'default',
  max_tokens: -1,
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
} as const satisfies Partial<ModelSpec>;

/** The vendor of a version: the one that it names, or the default. */
export function providerOf({ provider }: Pick<ModelSpec, 'provider'>): ProviderName {
  return provider ?? modelDefaults.provider;
}
