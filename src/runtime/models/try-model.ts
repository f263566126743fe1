import {
  isModelProvider,
  type ModelProvider,
  type ProviderName,
} from '../../contract/providers.ts';
import type { Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { callModel, defaultModelLimits } from '../../providers/call-model.ts';
import { type ModelRequest, ProviderFailure } from '../../providers/provider.ts';
import { chooseProvider } from './choose-provider.ts';
import type { ModelParts } from './model-parts.ts';
import { withVendorHint } from './vendor-hint.ts';

/** How a trial call went. */
export interface Trial {
  readonly model: string;
  readonly latencyMs: number;
  /** What the vendor said; undefined: the model answered. */
  readonly failure: string | undefined;
}

/** A person waits for the outcome, and a repeat would hide what they want to see. */
const limits = {
  ...defaultModelLimits,
  firstByteTimeoutMs: 30_000,
  totalTimeoutMs: 30_000,
  maxAttempts: 1,
};

/**
 * A small model of each vendor, for trials that name none. When a vendor no longer has it, the refusal
 * says so, and that the key was taken. Checked November 2026.
 */
const smallModels: Readonly<Partial<Record<ModelProvider, string>>> = {
  openai: 'gpt-4.1-nano',
  anthropic: 'claude-haiku-4-5',
  google: 'gemini-2.5-flash-lite',
  bedrock: 'amazon.nova-micro-v1:0',
  cohere: 'command-r7b-12-2024',
  groq: 'llama-3.1-8b-instant',
  deepseek: 'deepseek-chat',
  replicate: 'meta/meta-llama-3-8b-instruct',
  mock: 'mock',
};

/**
 * Makes one cheap call with the key or the endpoint that calls of the organization would use now. It
 * writes no log.
 *
 * @throws `invalid` where a model must be named; `provider_not_supported`, `missing_provider_key`,
 *   `provider_key_unreadable`, `custom_endpoint_unreadable` (invalid).
 */
export async function tryModel(
  parts: Pick<ModelParts, 'endpoints' | 'keyring' | 'providers'>,
  workspace: Workspace,
  name: ProviderName,
  given: string | null | undefined,
): Promise<Trial> {
  const model = given ?? (isModelProvider(name) ? smallModels[name] : undefined);
  if (model === undefined) {
    throw invalid(['body', 'model'], 'Name the model to call: this provider has no usual one.');
  }
  const asking = { parts, workspace, providerApiKeys: {} };
  const { provider, apiKey } = await chooseProvider(asking, { provider: name, model });
  const startedAt = performance.now();
  const trial = (failure?: string): Trial => ({
    model,
    latencyMs: Math.round(performance.now() - startedAt),
    failure,
  });
  const { signal } = new AbortController();
  const calling = callModel(provider, question(model), { apiKey, signal, limits });
  try {
    await calling.next();
    return trial();
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    return trial(withVendorHint(error, { provider: name, model }).message);
  } finally {
    await calling.return(undefined as never);
  }
}

function question(model: string): ModelRequest {
  return {
    model,
    messages: [{ message: { role: 'user', content: 'Say hi.' } }],
    tools: [],
    stream: false,
    // Less is refused by some vendors.
    maxTokens: 16,
    other: {},
  };
}
