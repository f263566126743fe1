import { expect, test } from 'vitest';
import { publishedClient } from './published-client.ts';

const { humanloop, server } = await publishedClient();
const provider = 'my-llama';

test('it reads versions whose provider is a custom endpoint, and by itself sends none', async () => {
  await server.post('/v5/custom-endpoints', {
    name: provider,
    base_url: 'https://llm.example.com/v1',
  });
  const spec = { path: 'Bank/Local', model: 'tiny', temperature: 0.5 };
  const { body } = await server.post('/v5/prompts', { ...spec, provider });
  expect(await humanloop.prompts.get(body.id)).toMatchObject({ provider, model: 'tiny' });
  const { data } = await humanloop.prompts.list({});
  expect(data).toMatchObject([{ id: body.id, provider }]);
  const files = await humanloop.files.listFiles({});
  expect(files.records).toMatchObject([{ id: body.id, provider }]);
  const sent = humanloop.prompts.upsert({ ...spec, provider: provider as 'openai' });
  await expect(sent).rejects.toThrow('provider: Expected enum.');
});
