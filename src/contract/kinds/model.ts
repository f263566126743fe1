import { type Static, Type } from 'typebox';
import { chatMessage, responseFormat } from '../chat.ts';
import { oneOf, optional } from '../nullable.ts';
import { type ModelProvider, modelProvider } from '../providers.ts';

/** A model that is asked when those before it failed. What it does not say, the version does. */
const fallback = Type.Object(
  {
    provider: optional(modelProvider),
    model: Type.String({ minLength: 1, description: 'The model, in its vendor’s words.' }),
    other: optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          'Further fields of the request to this vendor. Not given: those of the version where the vendor is the same, else none.',
      }),
    ),
  },
  // A setting that is passed over would be missed only when the fallback is needed.
  { additionalProperties: false, title: 'ModelFallback' },
);

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
    Type.Object(
      {
        fallbacks: optional(
          Type.Array(fallback, {
            maxItems: 5,
            description:
              'Models that are asked, in this order, when a model call fails before its first token; a `provider` that is not given is that of the version. This field is not sent.',
          }),
        ),
      },
      {
        additionalProperties: true,
        description: 'Further fields of the request to the vendor, sent as they are.',
      },
    ),
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

export type Fallback = Static<typeof fallback>;

const modelSpec = Type.Object(modelSpecProperties);

/** The fields of a spec that say how a model is called; agents and prompts have them alike. */
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

/** The vendor that a version names, or the default. */
export function providerOf({ provider }: Pick<ModelSpec, 'provider'>): ModelProvider {
  return provider ?? modelDefaults.provider;
}
