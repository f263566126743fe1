import type { ModelProvider } from '../contract/providers.ts';
import type { Tree } from './attribute-tree.ts';
import { textAt, toItems, valueAt } from './text-value.ts';

/** Operations that return no text, so they are not calls of a prompt. */
const wordless: readonly (string | null)[] = ['embedding', 'embeddings', 'rerank'];

/**
 * Whether a span of a vendor's client is a model call that returns text; embeddings and rerankings
 * are not.
 */
export function isModelCall(attributes: Tree): boolean {
  return !wordless.includes(operationName(attributes));
}

const chats: readonly (string | null)[] = ['chat', 'generate_content'];
const completions: readonly (string | null)[] = ['completion', 'text_completion'];

/** The vendors with an endpoint that continues a text; all others only have chats. */
const completing: readonly ModelProvider[] = ['openai', 'openai_azure', 'replicate'];

/**
 * The vendor's endpoint that was called; null when the span does not say.
 *
 * Until 2025 the instrumentors of Anthropic and Groq labelled every chat as a completion. It was a
 * chat if the vendor has only chats, or if the prompt has roles: a text to continue has none.
 *
 * @param provider undefined for a vendor that we do not know.
 */
export function readEndpoint(
  attributes: Tree,
  provider: ModelProvider | undefined,
): 'chat' | 'complete' | null {
  const operation = operationName(attributes);
  if (chats.includes(operation)) return 'chat';
  if (!completions.includes(operation)) return null;
  if (provider && !completing.includes(provider)) return 'chat';
  const prompts = toItems(valueAt(attributes, 'gen_ai.prompt'));
  return prompts.some((prompt) => textAt(prompt, 'role') !== null) ? 'chat' : 'complete';
}

function operationName(attributes: Tree): string | null {
  return textAt(attributes, 'llm.request.type', 'gen_ai.operation.name');
}
