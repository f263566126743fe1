import type { ModelProvider } from '../contract/providers.ts';

/** A vendor, as versions name it and as people do. */
export interface NamedVendor {
  readonly provider: ModelProvider;
  readonly title: string;
}

/**
 * The vendor that calls its models so, where the name tells: `anthropic` has `claude-…`. Undefined
 * for names that are anyone's, or that several vendors have: open models, such as Llama.
 */
export function vendorOfModel(model: string): NamedVendor | undefined {
  return vendors.find(({ names }) => names.test(model));
}

/** From the vendors' lists of models, in November 2026. */
const vendors: readonly (NamedVendor & { readonly names: RegExp })[] = [
  { provider: 'anthropic', title: 'Anthropic', names: /^claude-/ },
  { provider: 'google', title: 'Google', names: /^(models\/)?gemini-/ },
  { provider: 'openai', title: 'OpenAI', names: /^(gpt-\d|chatgpt-|o\d(-|$))/ },
  { provider: 'cohere', title: 'Cohere', names: /^command-/ },
  // Its distilled models run at others: `deepseek-r1-distill-llama-70b` is Groq's.
  { provider: 'deepseek', title: 'DeepSeek', names: /^deepseek-(chat|reasoner|coder)$/ },
  {
    provider: 'bedrock',
    title: 'Amazon Bedrock',
    names: /^((us|eu|apac|global)\.)?(ai21|amazon|anthropic|cohere|meta|mistral)\.[a-z]/,
  },
];
