import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';

/** Models that scripts in Python call: they say `Four.`, or ask for the weather if they have tools. */
export async function startModels(): Promise<FakeProvider> {
  const models = await startFakeProvider();
  models.respond(({ path, body }) => {
    if (path.endsWith('/embeddings')) return { body: embeddings };
    const usage = { input: 12, cacheRead: 8, output: 3 };
    if (!body['tools']) return { text: ['Fo', 'ur.'], usage };
    return { toolCalls: [{ id: 'call_1', name: 'weather', arguments: { city: 'Oslo' } }], usage };
  });
  return models;
}

const embeddings = {
  object: 'list',
  model: 'text-embedding-3-small',
  data: [{ object: 'embedding', index: 0, embedding: [0.1, 0.2] }],
  usage: { prompt_tokens: 1, total_tokens: 1 },
};
