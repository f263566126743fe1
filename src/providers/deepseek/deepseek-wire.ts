import type { Wire } from '../language-model.ts';
import { chatCompletionsWire } from '../openai/chat-completions-wire.ts';
import { remainder, tokenCount } from '../token-count.ts';
import { isRecord } from '../vendor-failure.ts';

/**
 * The wire format of chat completions, with DeepSeek's own fields for its cache and its own sign of
 * overload.
 */
export const deepseekWire: Wire = {
  ...chatCompletionsWire,
  usage(body) {
    const usage = chatCompletionsWire.usage(body);
    const cacheReadTokens =
      tokenCount(body, 'usage', 'prompt_cache_hit_tokens') ?? usage.cacheReadTokens;
    const prompt = tokenCount(body, 'usage', 'prompt_tokens');
    return { ...usage, cacheReadTokens, inputTokens: remainder(prompt, cacheReadTokens) };
  },
  errorIn(chunk) {
    if (!isRecord(chunk) || !Array.isArray(chunk['choices'])) return undefined;
    const isBusy = chunk['choices'].some(
      (choice) => isRecord(choice) && choice['finish_reason'] === 'insufficient_system_resource',
    );
    // https://api-docs.deepseek.com/api/create-chat-completion, read in November 2026.
    const message = 'the answer was interrupted for lack of resources.';
    return isBusy ? { error: { type: 'insufficient_system_resource', message } } : undefined;
  },
};
