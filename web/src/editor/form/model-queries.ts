import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import type { components } from '../../api/schema.gen.ts';

/** The vendors that every organization has, as they are called. */
export const vendorNames: Readonly<Record<components['schemas']['ModelProviders'], string>> = {
  anthropic: 'Anthropic',
  bedrock: 'Amazon Bedrock',
  cohere: 'Cohere',
  deepseek: 'DeepSeek',
  google: 'Google',
  groq: 'Groq',
  mock: 'Mock (answers without a model)',
  openai: 'OpenAI',
  openai_azure: 'Azure OpenAI',
  replicate: 'Replicate',
};

/** Model servers of the organization's own. */
export const customEndpointsQuery = queryOptions({
  queryKey: ['custom-endpoints'],
  queryFn: async ({ signal }) => (await api.GET('/v5/custom-endpoints', { signal })).data ?? [],
});

/** The models that the server knows, by vendor. */
export const knownModelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: async ({ signal }) => (await api.GET('/v5/models', { signal })).data ?? [],
  staleTime: Number.POSITIVE_INFINITY,
});

/** The models that files of the organization use, each with its provider; the last one first. */
export const usedModelsQuery = queryOptions({
  queryKey: ['files', 'models'],
  queryFn: async ({ signal }) => {
    const query = { size: 100, sort_by: 'updated_at' as const };
    const { data } = await api.GET('/v5/files', { params: { query }, signal });
    const used = (data?.records ?? []).flatMap((file) =>
      file.type === 'agent' || file.type === 'prompt'
        ? [{ provider: String(file.provider ?? 'openai'), model: file.model }]
        : [],
    );
    return [...new Map(used.map((one) => [`${one.provider} ${one.model}`, one])).values()];
  },
  staleTime: 60_000,
});
