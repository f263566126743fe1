import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { startFakeProvider } from '../../test/support/fake-provider.ts';
import { type RecordingOptions, recordingFetch } from './recording-fetch.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());

const url = `${fake.url}/v1/chat/completions`;

function record(options: Partial<RecordingOptions> = {}) {
  const signal = new AbortController().signal;
  return recordingFetch({ signal, other: {}, stream: false, ...options });
}

function post(body: unknown) {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-length': '1' } };
}

test('the body that is sent is recorded as it is parsed at the other end', async () => {
  fake.script([{ text: 'Hi' }]);
  const recording = record({
    adaptBody: (body) => ({ ...body, b: 'adapted', c: 'adapted' }),
    other: { c: 'other', date: new Date(0), nothing: undefined, __proto__x: [1] },
  });
  const response = await recording.fetch(url, post({ a: 'given', b: 'given', c: 'given' }));
  expect(response.status).toBe(200);
  expect(recording.request).toEqual({
    a: 'given',
    b: 'adapted',
    c: 'other',
    date: '1970-01-01T00:00:00.000Z',
    __proto__x: [1],
  });
  expect(fake.lastRequest.body).toStrictEqual(recording.request);
});

test('an answer is recorded as it came: parsed, or as text', async () => {
  fake.script([{ body: { a: [1] } }, { status: 500, body: '<html>no</html>' }]);
  const json = record();
  expect(await (await json.fetch(url, post({}))).json()).toEqual({ a: [1] });
  expect(json).toMatchObject({ status: 200, response: { a: [1] } });
  const html = record();
  expect(await (await html.fetch(url, post({}))).text()).toBe('<html>no</html>');
  expect(html).toMatchObject({ status: 500, response: '<html>no</html>' });
});

test('a stream is handed on as it comes, and its activity is told', async () => {
  fake.script([{ text: 'Hello there', stallAfter: 300 }]);
  let signs = 0;
  const recording = record({ stream: true, onActivity: () => signs++ });
  const response = await recording.fetch(url, post({ stream: true }));
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(first?.value?.byteLength).toBeGreaterThan(0);
  expect(signs).toBeGreaterThan(1);
  expect(recording.response).toBeUndefined();
  recording.close(false);
  await expect(reader?.read()).rejects.toThrow();
  await expect.poll(() => fake.lastRequest.isAborted).toBe(true);
});

test('a stream ends with its last event, and the connection is used again', async () => {
  const server = await startFakeProvider();
  server.respond(() => ({ text: 'Hello' }));
  const streamEnd = /\[DONE\]\n\n$/;
  for (let n = 0; n < 3; n++) {
    const recording = record({ stream: true, streamEnd });
    const response = await recording.fetch(
      `${server.url}/v1/chat/completions`,
      post({ stream: true }),
    );
    expect(await response.text()).toMatch(/\[DONE\]\n\n$/);
    expect(recording.hasEnded).toBe(true);
    recording.close(true);
  }
  expect(server.connections).toBeLessThan(3);
  await server.close();
});

test('what was to be a stream and is none is recorded as far as it is worth it', async () => {
  fake.script([{ body: { error: { message: 'no' } } }, { body: '<p>'.repeat(50_000) }]);
  const json = record({ stream: true });
  await (await json.fetch(url, post({}))).text();
  expect(json.response).toEqual({ error: { message: 'no' } });
  const html = record({ stream: true });
  await (await html.fetch(url, post({}))).text();
  expect(html.response).toHaveLength(20_000);
});

test('no more is read than the limit, streamed or not, and however it is packed', async () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  fake.respond(() => ({ headers, body: gzipSync(`"${'x'.repeat(50_000)}"`) }));
  const whole = record({ bounds: { bytes: 1_000, lines: 10 } });
  await expect(whole.fetch(url, post({}))).rejects.toThrow('longer than 1000 bytes');
  expect(whole.exceeded).toMatch(/PROVIDER_ANSWER_BYTES/);
  const stream = record({ stream: true, bounds: { bytes: 1_000, lines: 10 } });
  const response = await stream.fetch(url, post({}));
  await expect(response.text()).rejects.toThrow();
  expect(stream.exceeded).toMatch(/PROVIDER_ANSWER_BYTES/);
  expect(fake.lastRequest.wholeBytes).toBeLessThan(1_000);
});

test('a stream has so many lines, and is read in parts that others are answered between', async () => {
  const events = (count: number) => 'data: {}\n\n'.repeat(count);
  const read = async (count: number) => {
    fake.respond(() => ({ headers: { 'content-type': 'text/event-stream' }, body: events(count) }));
    const recording = record({ stream: true, bounds: { bytes: 1_000_000, lines: 10_000 } });
    const response = await recording.fetch(url, post({}));
    const parts = await Array.fromAsync(response.body ?? []).catch(() => undefined);
    return { parts, exceeded: recording.exceeded };
  };
  const { parts } = await read(5_000);
  expect(Buffer.concat(parts ?? []).toString()).toBe(events(5_000));
  expect(Math.max(...(parts ?? []).map(({ length }) => length))).toBeLessThanOrEqual(16 * 1024);
  expect(await read(5_001)).toEqual({
    parts: undefined,
    exceeded: '10000 lines (PROVIDER_ANSWER_LINES)',
  });
});

test('a redirect is an answer, and is not followed', async () => {
  fake.script([{ status: 302, headers: { location: '/elsewhere' }, body: '' }]);
  const before = fake.requests.length;
  const recording = record();
  await recording.fetch(url, post({}));
  expect(recording.status).toBe(302);
  expect(fake.requests).toHaveLength(before + 1);
});

test('an abort ends the call with its reason', async () => {
  fake.script([{ text: 'Hi', isSilent: true }]);
  const caller = new AbortController();
  const recording = record({ signal: caller.signal });
  const call = recording.fetch(url, post({}));
  caller.abort(new Error('Enough.'));
  await expect(call).rejects.toThrow('Enough.');
  expect(recording.networkError).toBeInstanceOf(Error);
});

test('a connection that breaks is recorded as an error of the network', async () => {
  fake.script([{ text: 'Hi', cutAfter: 10 }]);
  const recording = record();
  await expect(recording.fetch(url, post({}))).rejects.toThrow();
  expect(recording.networkError).toBeInstanceOf(Error);
  expect(recording.response).toBe('{"id":"cha');
});
