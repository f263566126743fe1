import { type FakeProvider, startFakeProvider } from '../fake-provider.ts';

/**
 * Models that scripts in Python call: they say `Four.`, call the first tool that they are given, and
 * refuse whoever asks them to fail.
 */
export async function startModels(): Promise<FakeProvider> {
  const models = await startFakeProvider();
  models.respond(({ body }) => {
    const usage = { input: 12, cacheRead: 8, output: 3 };
    if (JSON.stringify(body['messages']).includes('fail')) {
      return { status: 400, body: { error: { message: 'I am told to fail.' } } };
    }
    if (!body['tools']) return { text: ['Fo', 'ur.'], usage };
    const call = { id: 'call_1', name: 'weather', arguments: { city: 'Oslo' } };
    return { toolCalls: [call], usage };
  });
  return models;
}
