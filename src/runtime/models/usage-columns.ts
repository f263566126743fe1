import { storableCount, type TokenColumns } from '../../logs/totals.ts';
import type { Usage } from '../../providers/provider.ts';

/** The token counts of a model call, as columns of its turn. */
export function usageColumns(usage: Usage): TokenColumns {
  return {
    input_tokens: storableCount(usage.inputTokens),
    cache_read_tokens: storableCount(usage.cacheReadTokens),
    cache_write_tokens: storableCount(usage.cacheWriteTokens),
    output_tokens: storableCount(usage.outputTokens),
    reasoning_tokens: storableCount(usage.reasoningTokens),
  };
}
