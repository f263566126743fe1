import type { ModelProvider } from '../contract/providers.ts';
import type { Tree } from './attribute-tree.ts';
import { readEndpoint } from './operation.ts';
import { readResponseFormat } from './response-format.ts';
import { numberAt, textAt, valueAt } from './text-value.ts';
import { readTools } from './tool-definitions.ts';

/** The fields that define the prompt version, from the parameters of the model call. */
export function modelSettings(attributes: Tree): Readonly<Record<string, unknown>> {
  const vendor = textAt(attributes, 'gen_ai.provider.name', 'gen_ai.system') ?? 'openai';
  const provider = findProvider(vendor);
  const topK = numberAt(attributes, 'gen_ai.request.top_k', 'llm.top_k');
  const effort = textAt(attributes, 'gen_ai.request.reasoning_effort');
  const isOurEffort = effortWords.includes(effort);
  const other = {
    ...(topK === null ? {} : { top_k: topK }),
    ...(effort === null || isOurEffort ? {} : { reasoning_effort: effort }),
  };
  return {
    model: textAt(attributes, 'gen_ai.request.model', 'gen_ai.response.model'),
    // An unknown vendor is treated as OpenAI; its name is kept in the attributes, so that its
    // versions differ from OpenAI's.
    ...(provider ? { provider } : { attributes: { provider: vendor.toLowerCase() } }),
    endpoint: readEndpoint(attributes, provider),
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
    ...(isOurEffort ? { reasoning_effort: effort } : {}),
    response_format: readResponseFormat(attributes),
    ...(Object.keys(other).length > 0 ? { other } : {}),
    tools: readTools(attributes),
  };
}

/**
 * Our vendors, matched by a word in the names that spans use: `az.ai.openai`, `gcp.vertex_ai`,
 * `AWS`, `Anthropic`.
 */
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

function findProvider(name: string): ModelProvider | undefined {
  return vendors.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1];
}

/** The words that a version may have; other values are sent to the vendor as they are. */
const effortWords: readonly (string | null)[] = ['low', 'medium', 'high'];
