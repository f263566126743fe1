import type { ModelProvider } from '../contract/providers.ts';
import type { Tree } from './attribute-tree.ts';
import { itemsOf, textAt, valueAt } from './text-value.ts';

/** Operations of which no words come: they are no calls of a prompt. */
const wordless: readonly (string | null)[] = ['embedding', 'embeddings', 'rerank'];

/** Whether a span of a vendor's client is a model call; embeddings and rankings are none. */
export function isModelCall(attributes: Tree): boolean {
  return !wordless.includes(operationOf(attributes));
}

const chats: readonly (string | null)[] = ['chat', 'generate_content'];
const completions: readonly (string | null)[] = ['completion', 'text_completion'];

/** The vendors that go on with a text; the others are always asked in a conversation. */
const completing: readonly ModelProvider[] = ['openai', 'openai_azure', 'replicate'];

/**
 * The endpoint of the vendor that was called; null where the span does not say.
 *
 * Until 2025 the instrumentors of Anthropic and Groq called every chat a completion. What gives it
 * away is the vendor, or that what was said has roles: a text to go on with has none.
 *
 * @param provider undefined for a vendor that is not known here.
 */
export function endpointOf(
  attributes: Tree,
  provider: ModelProvider | undefined,
): 'chat' | 'complete' | null {
  const operation = operationOf(attributes);
  if (chats.includes(operation)) return 'chat';
  if (!completions.includes(operation)) return null;
  if (provider && !completing.includes(provider)) return 'chat';
  const prompts = itemsOf(valueAt(attributes, 'gen_ai.prompt'));
  return prompts.some((prompt) => textAt(prompt, 'role') !== null) ? 'chat' : 'complete';
}

function operationOf(attributes: Tree): string | null {
  return textAt(attributes, 'llm.request.type', 'gen_ai.operation.name');
}
