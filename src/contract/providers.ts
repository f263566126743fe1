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

/**
 * Keys for one call; never stored. For other vendors, the organization's or the server's keys are
 * used.
 */
export const providerApiKeys = Type.Object(
  {
    openai: optional(Type.String()),
    mock: optional(Type.String()),
    anthropic: optional(Type.String()),
    deepseek: optional(Type.String()),
    bedrock: optional(Type.String()),
    cohere: optional(Type.String()),
    openai_azure: optional(Type.String()),
    openai_azure_endpoint: optional(Type.String()),
    google: optional(Type.String()),
    groq: optional(Type.String()),
    replicate: optional(Type.String()),
  },
  {
    title: 'ProviderApiKeys',
    description: 'Keys for this call only. They are never stored.',
  },
);

export type ModelProvider = (typeof modelProviders)[number];
export type ProviderApiKeys = Static<typeof providerApiKeys>;

/** A model and its vendor. */
export interface ModelName {
  readonly provider: ModelProvider;
  readonly model: string;
}
