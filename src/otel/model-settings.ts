import type { ModelProvider } from '../contract/providers.ts';
import type { Tree } from './attribute-tree.ts';
import { endpointOf } from './operation.ts';
import { responseFormatOf } from './response-format.ts';
import { numberAt, textAt, valueAt } from './text-value.ts';
import { toolsOf } from './tool-definitions.ts';

/** What defines the version of a prompt, by what its model was called with. */
export function modelSettings(attributes: Tree): Readonly<Record<string, unknown>> {
  const vendor = textAt(attributes, 'gen_ai.provider.name', 'gen_ai.system') ?? 'openai';
  const provider = providerOf(vendor);
  const topK = numberAt(attributes, 'gen_ai.request.top_k', 'llm.top_k');
  const effort = textAt(attributes, 'gen_ai.request.reasoning_effort');
  const isOurEffort = effortWords.includes(effort);
  const other = {
    ...(topK === null ? {} : { top_k: topK }),
    ...(effort === null || isOurEffort ? {} : { reasoning_effort: effort }),
  };
  return {
    model: textAt(attributes, 'gen_ai.request.model', 'gen_ai.response.model'),
    // A vendor that is not known here speaks as OpenAI does; its name tells its versions from others.
    ...(provider ? { provider } : { attributes: { provider: vendor.toLowerCase() } }),
    endpoint: endpointOf(attributes, provider),
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
    response_format: responseFormatOf(attributes),
    ...(Object.keys(other).length > 0 ? { other } : {}),
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

function providerOf(name: string): ModelProvider | undefined {
  return vendors.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1];
}

/** Those that a version may have; others go to the vendor as they are. */
const effortWords: readonly (string | null)[] = ['low', 'medium', 'high'];
