import type { ModelName, ModelProvider } from '../contract/providers.ts';

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

/**
 * Whether a model completes texts. Of OpenAI's models nearly all only chat. For other vendors this
 * is true: their models are asked by a chat anyway where they complete no texts.
 */
export function completesTexts({ provider, model }: ModelName): boolean {
  if (completionModel.test(model)) return true;
  // A deployment at Azure can have any name; most have that of their model.
  return provider === 'openai_azure'
    ? vendorOfModel(model)?.provider !== 'openai'
    : provider !== 'openai';
}

/** `davinci-002`, `gpt-3.5-turbo-instruct-0914`; `ft:davinci-002:acme::8abc`, fine-tuned. */
const completionModel = /^(?:ft:)?(?:(?:babbage|davinci)-002|[\w.-]+-instruct(?:-\d+)?)(?::|$)/;

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
