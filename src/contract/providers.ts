import { type Static, Type } from 'typebox';
import { oneOf, optional } from './nullable.ts';

/** The model vendors that a version can name. */
export const modelProviders = [
  'openai',
  'openai_azure',
  'mock',
  'anthropic',
  'bedrock',
  'cohere',
  'deepseek',
  'google',
  'groq',
  'replicate',
] as const;

export const modelProvider = oneOf(modelProviders, { title: 'ModelProviders' });

/** The longest name of a custom endpoint. */
const longestName = 63;

/** What a custom endpoint may be named, so that a name needs no quotes anywhere. */
export const endpointName = Type.String({
  minLength: 1,
  maxLength: longestName,
  pattern: '^[a-z0-9]+(?:-[a-z0-9]+)*$',
  description: 'Lower-case letters, digits and single dashes between them.',
});

/** What a version can name as its provider: a vendor, or one of its organization’s own endpoints. */
export const providerName = Type.Unsafe<ProviderName>({
  type: 'string',
  title: 'ProviderName',
  examples: ['openai', 'my-llama'],
  description: `A vendor (${modelProviders.map((name) => `\`${name}\``).join(', ')}) or the name of a custom endpoint of your organization.`,
});

/** Whether a provider is one of the vendors that every organization has. */
export function isModelProvider(name: string): name is ModelProvider {
  return modelProviders.includes(name as ModelProvider);
}

/** Some vendors' keys hold several parts, and tokens. */
const apiKey = Type.String({ maxLength: 8_000 });

/**
 * Keys for one call; never stored. For other vendors, the organization's or the server's keys are
 * used.
 */
export const providerApiKeys = Type.Object(
  {
    openai: optional(apiKey),
    mock: optional(apiKey),
    anthropic: optional(apiKey),
    deepseek: optional(apiKey),
    bedrock: optional(apiKey),
    cohere: optional(apiKey),
    openai_azure: optional(apiKey),
    openai_azure_endpoint: optional(Type.String({ maxLength: 2_000 })),
    google: optional(apiKey),
    groq: optional(apiKey),
    replicate: optional(apiKey),
  },
  {
    title: 'ProviderApiKeys',
    description: 'Keys for this call only. They are never stored.',
  },
);

export type ModelProvider = (typeof modelProviders)[number];
/** A {@link ModelProvider} or the name of a custom endpoint. */
export type ProviderName = ModelProvider | (string & {});
export type ProviderApiKeys = Static<typeof providerApiKeys>;

/** A model and its vendor. */
export interface ModelName {
  readonly provider: ProviderName;
  readonly model: string;
}
