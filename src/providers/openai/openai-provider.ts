import { openaiNames, openaiOwnNames } from '../name-rules.ts';
import type { Provider } from '../provider.ts';
import { openaiModels } from './openai-models.ts';

const OPENAI_URL = 'https://api.openai.com/v1';

/**
 * OpenAI's models, or those of any server with compatible chat completions and completions.
 *
 * @param options.baseUrl `/chat/completions` is appended to it; undefined: OpenAI's own.
 */
export function openaiProvider(options: {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}): Provider {
  const baseURL = options.baseUrl ?? OPENAI_URL;
  return openaiModels({
    title: 'OpenAI',
    apiKey: options.apiKey,
    names: options.baseUrl === undefined ? openaiOwnNames : openaiNames,
    async chat(name, { apiKey, fetch }) {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI({ apiKey, fetch, baseURL }).chat(name);
    },
    async completion(name, { apiKey, fetch }) {
      const { createOpenAI } = await import('@ai-sdk/openai');
      return createOpenAI({ apiKey, fetch, baseURL }).completion(name);
    },
  });
}
