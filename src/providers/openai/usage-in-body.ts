import { isRecord } from '../../kernel/json-object.ts';
import type { Usage } from '../provider.ts';
import { firstCount, remainder, tokenCount } from '../token-count.ts';
import { choicesIn } from './said-in-choices.ts';

/**
 * Token counts of chat completions and completions, where servers put them: in `usage`, of the body
 * or of a choice (Moonshot), in `x_groq`, in `timings` (llama.cpp) or in the body itself (Ollama);
 * cached tokens beside the others (Moonshot, DeepSeek) or in details; and with the names of OpenAI's
 * other APIs.
 */
export function usageIn(body: unknown): Usage {
  const places = placesIn(body);
  const count = (...paths: readonly (readonly string[])[]) =>
    firstCount(...places.flatMap((place) => paths.map((path) => tokenCount(place, ...path))));
  const prompt = count(['prompt_tokens'], ['input_tokens'], ['prompt_eval_count'], ['prompt_n']);
  const outputTokens = count(
    ['completion_tokens'],
    ['output_tokens'],
    ['eval_count'],
    ['predicted_n'],
  );
  const cacheReadTokens = count(
    ['prompt_cache_hit_tokens'],
    ['prompt_tokens_details', 'cached_tokens'],
    ['input_tokens_details', 'cached_tokens'],
    ['cached_tokens'],
  );
  const cacheWriteTokens = count(['prompt_tokens_details', 'cache_write_tokens']);
  return {
    inputTokens: remainder(
      prompt ?? remainder(count(['total_tokens']), outputTokens),
      cacheReadTokens,
      cacheWriteTokens,
    ),
    cacheReadTokens,
    cacheWriteTokens,
    outputTokens,
    reasoningTokens: count(
      ['completion_tokens_details', 'reasoning_tokens'],
      ['output_tokens_details', 'reasoning_tokens'],
      ['reasoning_tokens'],
    ),
  };
}

function placesIn(body: unknown): readonly unknown[] {
  if (!isRecord(body)) return [];
  const inside = [body, body['x_groq'], ...choicesIn(body)].filter(isRecord);
  return [...inside.map((place) => place['usage']), body['timings'], body].filter(isRecord);
}
