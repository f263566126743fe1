import type { ModelProvider } from '../contract/providers.ts';

/** A vendor: its name in the API, and the name that people use. */
export interface NamedVendor {
  readonly provider: ModelProvider;
  readonly title: string;
}

/**
 * The vendor that a model name belongs to, e.g. `claude-…` to `anthropic`. Undefined for names that
 * several vendors use, such as open models (Llama), or that anyone can choose.
 */
export function vendorOfModel(model: string): NamedVendor | undefined {
  return vendors.find(({ names }) => names.test(model));
}

/** From the vendors' model lists, read in November 2026. */
const vendors: readonly (NamedVendor & { readonly names: RegExp })[] = [
  { provider: 'anthropic', title: 'Anthropic', names: /^claude-/ },
  { provider: 'google', title: 'Google', names: /^(models\/)?gemini-/ },
  { provider: 'openai', title: 'OpenAI', names: /^(gpt-\d|chatgpt-|o\d(-|$))/ },
  { provider: 'cohere', title: 'Cohere', names: /^command-/ },
  // Exact names only: other vendors run its distilled models, e.g. Groq
  // `deepseek-r1-distill-llama-70b`.
  { provider: 'deepseek', title: 'DeepSeek', names: /^deepseek-(chat|reasoner|coder)$/ },
  {
    provider: 'bedrock',
    title: 'Amazon Bedrock',
    names: /^((us|eu|apac|global)\.)?(ai21|amazon|anthropic|cohere|meta|mistral)\.[a-z]/,
  },
];
