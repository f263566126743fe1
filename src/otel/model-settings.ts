import type { ModelProvider } from '../contract/providers.ts';
import type { Tree } from './attribute-tree.ts';
import { numberAt, textAt, valueAt } from './text-value.ts';
import { toolsOf } from './tool-definitions.ts';

/** What defines the version of a prompt, by what its model was called with. */
export function modelSettings(attributes: Tree): Readonly<Record<string, unknown>> {
  const topK = numberAt(attributes, 'gen_ai.request.top_k', 'llm.top_k');
  return {
    model: textAt(attributes, 'gen_ai.request.model', 'gen_ai.response.model'),
    ...providerOf(textAt(attributes, 'gen_ai.provider.name', 'gen_ai.system')),
    endpoint: endpointOf(textAt(attributes, 'llm.request.type', 'gen_ai.operation.name')),
    template: valueAt(attributes, 'humanloop.file.template'),
    temperature: numberAt(attributes, 'gen_ai.request.temperature'),
    top_p: numberAt(attributes, 'gen_ai.request.top_p'),
    max_tokens: numberAt(attributes, 'gen_ai.request.max_tokens'),
    presence_penalty: numberAt(
      attributes,
      'gen_ai.request.presence_penalty',
      'llm.presence_penalty',
    ),
    frequency_penalty: numberAt(
      attributes,
      'gen_ai.request.frequency_penalty',
      'llm.frequency_penalty',
    ),
    ...(topK === null ? {} : { other: { top_k: topK } }),
    tools: toolsOf(attributes),
  };
}

/** The vendors by a word of their names: `az.ai.openai`, `gcp.vertex_ai`, `AWS`, `Anthropic`. */
const vendors: readonly (readonly [RegExp, ModelProvider])[] = [
  [/azure|\baz\b/, 'openai_azure'],
  [/bedrock|\baws\b/, 'bedrock'],
  [/vertex|gemini|google|\bgcp\b/, 'google'],
  [/anthropic/, 'anthropic'],
  [/cohere/, 'cohere'],
  [/deepseek/, 'deepseek'],
  [/groq/, 'groq'],
  [/replicate/, 'replicate'],
  [/^openai$/, 'openai'],
];

/** A vendor that is not known here speaks as OpenAI does; its name tells its versions from others. */
function providerOf(name: string | null): object {
  const word = (name ?? 'openai').toLowerCase();
  const provider = vendors.find(([pattern]) => pattern.test(word))?.[1];
  return provider ? { provider } : { attributes: { provider: word } };
}

const endpoints: ReadonlyMap<string | null, string> = new Map([
  ['chat', 'chat'],
  ['completion', 'complete'],
  ['text_completion', 'complete'],
]);

function endpointOf(operation: string | null): string | null {
  return endpoints.get(operation) ?? null;
}
