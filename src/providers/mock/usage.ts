import type { ToolFunction } from '../../contract/chat.ts';
import type { ModelRequest, PromptMessage, Usage } from '../provider.ts';
import { countTokens } from './count-tokens.ts';
import type { Draft } from './draft.ts';
import { plainText } from './plain-text.ts';
import type { ScriptUsage } from './script.ts';

/**
 * The token counts of a model call, by {@link countTokens} unless a script gives them. Null for
 * what the mock does not have: a cache, and reasoning where there was none.
 */
export function countUsage(request: ModelRequest, draft: Draft, scripted: ScriptUsage): Usage {
  const reasoning = draft.reasoning === '' ? null : countTokens(draft.reasoning);
  return {
    inputTokens: scripted.inputTokens ?? inputTokens(request),
    cacheReadTokens: scripted.cachedTokens ?? null,
    cacheWriteTokens: null,
    outputTokens: scripted.outputTokens ?? outputTokens(draft),
    reasoningTokens: scripted.reasoningTokens ?? reasoning,
  };
}

function inputTokens({ messages, tools }: ModelRequest): number {
  return sum(messages, messageTokens) + sum(tools, toolTokens);
}

function messageTokens({ message }: PromptMessage): number {
  return (
    countTokens(plainText(message)) +
    sum(message.thinking ?? [], (part) =>
      part.type === 'thinking' ? countTokens(part.thinking) : 0,
    ) +
    sum(message.tool_calls ?? [], (call) => countTokens(call.function.arguments ?? ''))
  );
}

function toolTokens({ name, description, parameters }: ToolFunction): number {
  const schema = parameters ? countTokens(JSON.stringify(parameters)) : 0;
  return countTokens(name) + countTokens(description) + schema;
}

function outputTokens({ reasoning, content, toolCalls }: Draft): number {
  return (
    countTokens(reasoning) +
    countTokens(content) +
    sum(toolCalls, (call) => countTokens(call.arguments))
  );
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += count(item);
  return total;
}
