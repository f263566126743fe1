import { HumanloopClient } from 'humanloop';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { apiKey, testApp } from '../support/app.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { send } from '../support/refusals.ts';

const vendor = await startFakeProvider();
afterAll(() => vendor.close());
const providers = {
  openai: openaiProvider({ apiKey: 'sk-openai', baseUrl: `${vendor.url}/v1` }),
};
const api = await testApp({ providers });
const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
const humanloop = new HumanloopClient({ apiKey, baseUrl: `${url}/v5` });

const call = {
  path: 'failing',
  prompt: { model: 'gpt-4o', provider: 'openai' as const, template: 'Say hello.' },
};

let seen = 0;
/** Requests that the vendor had since this was last asked. */
const vendorRequests = () => vendor.requests.length - seen;
afterEach(() => {
  seen = vendor.requests.length;
});

describe.each([
  [500, 502, 'provider_unavailable'],
  [429, 429, 'provider_rate_limited'],
])('a vendor that answers %i', (says, status, code) => {
  test('is asked 3 times for one call of the Node client, which leaves one log', async () => {
    vendor.respond(() => ({ status: says, body: { error: { message: 'Not now.' } } }));
    const path = `failing ${says}`;
    const error = await humanloop.prompts.call({ ...call, path }).catch((reason) => reason);
    expect(String(error)).toContain('Status code: 424');
    expect(String(error)).toContain('Not now.');
    expect(String(error)).toContain(code);
    expect(vendorRequests()).toBe(3);
    const { id: fileId } = await humanloop.files.retrieveByPath({ path });
    const logs = await humanloop.logs.list({ fileId });
    expect(logs.data).toMatchObject([{ error: expect.stringContaining('Not now.') }]);
  });

  test('is asked 3 times for one call of any other client, which has the true status', async () => {
    vendor.respond(() => ({ status: says, body: { error: { message: 'Not now.' } } }));
    const answer = await send(api, 'POST', '/v5/prompts/call', JSON.stringify(call));
    expect(answer.statusCode).toBe(status);
    expect(answer.body).toMatchObject({ code, detail: { code: status, origin: 'OpenAI' } });
    expect(vendorRequests()).toBe(3);
  });
});

test('a stream of the Node client ends with the failure, after 3 requests to the vendor', async () => {
  vendor.respond(() => ({ status: 500, body: { error: { message: 'Not now.' } } }));
  const pieces = [];
  for await (const piece of await humanloop.prompts.callStream(call)) pieces.push(piece);
  expect(pieces).toMatchObject([{ output: '', error: expect.stringContaining('Not now.') }]);
  expect(vendorRequests()).toBe(3);
});
