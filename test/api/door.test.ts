import { expect, test } from 'vitest';
import { apiKey, type TestApp, testApp } from '../support/app.ts';

interface Asked {
  readonly key?: string;
  readonly address?: string;
  readonly forwardedFor?: string;
}

/** Asks for something; answers the status, and the body. */
async function ask(
  { app }: TestApp,
  url: string,
  { key, address = '198.51.100.7', forwardedFor }: Asked = {},
) {
  const response = await app.inject({
    method: 'GET',
    url,
    remoteAddress: address,
    headers: {
      ...(key === undefined ? {} : { 'x-api-key': key }),
      ...(forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }),
    },
  });
  return { status: response.statusCode, headers: response.headers, text: response.body };
}

/** The statuses of so many equal requests, one after the other. */
async function statuses(app: TestApp, count: number, url: string, asked?: Asked) {
  const found: number[] = [];
  for (let n = 0; n < count; n += 1) found.push((await ask(app, url, asked)).status);
  return found;
}

test('wrong keys of one address are refused after a number, without a look into the database', async () => {
  const api = await testApp({ doorLimits: { perAddress: 3 } });
  const wrong = { key: 'a-wrong-key-0123456789' };
  expect(await statuses(api, 5, '/v5/agents', wrong)).toEqual([401, 401, 401, 429, 429]);
  const refused = await ask(api, '/v5/agents', wrong);
  expect(JSON.parse(refused.text)).toMatchObject({
    code: 'rate_limited',
    detail: expect.stringMatching(/More than 3 requests.*REQUESTS_PER_MINUTE_PER_ADDRESS/),
  });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(20);
  const elsewhere = { ...wrong, address: '198.51.100.8' };
  expect(await statuses(api, 1, '/v5/agents', elsewhere)).toEqual([401]);
});

test('a key that was right goes on being let in from an address that sends wrong ones', async () => {
  const api = await testApp({ doorLimits: { perAddress: 2 } });
  expect(await statuses(api, 5, '/v5/agents', { key: apiKey })).toEqual(Array(5).fill(200));
  await statuses(api, 5, '/v5/agents', { key: 'a-wrong-key-0123456789' });
  expect(await statuses(api, 2, '/v5/agents', { key: apiKey })).toEqual([200, 200]);
});

test.each(['/readyz', '/openapi.json', '/docs'])('%s is limited for each address', async (url) => {
  const api = await testApp({ doorLimits: { perAddress: 2 } });
  const answers = await statuses(api, 3, url);
  expect(answers.at(-1)).toBe(429);
  expect(answers.slice(0, 2)).not.toContain(429);
  expect(await statuses(api, 1, url, { address: '198.51.100.8' })).not.toContain(429);
  // Probes and keys are counted apart from pages.
  expect(await statuses(api, 1, '/v5/agents', { key: 'a-wrong-key-0123456789' })).toEqual([401]);
});

test('files that a page of the web UI loads are no pages', async () => {
  const api = await testApp({ doorLimits: { perAddress: 1 }, webFolder: 'web/not-built' });
  for (const url of ['/assets/main-1.js', '/theme.js', '/icon.svg']) {
    expect(await statuses(api, 5, url)).toEqual(Array(5).fill(404));
  }
  expect((await statuses(api, 2, '/login')).at(-1)).toBe(429);
});

test('/healthz and /version are never refused', async () => {
  const api = await testApp({ doorLimits: { perAddress: 1 } });
  for (const url of ['/healthz', '/version']) {
    expect(await statuses(api, 20, url)).toEqual(Array(20).fill(200));
  }
});

test('an IPv6 address counts with its network', async () => {
  const api = await testApp({ doorLimits: { perAddress: 1 } });
  const from = (address: string) => statuses(api, 1, '/readyz', { address });
  expect(await from('2001:db8:1:2::1')).toEqual([200]);
  expect(await from('2001:db8:1:2:aaaa::2')).toEqual([429]);
  expect(await from('2001:db8:1:3::1')).toEqual([200]);
  expect(await from('2001:db8::1')).toEqual([200]);
  expect(await from('2001:db8:0:0:1::1')).toEqual([429]);
});

test('X-Forwarded-For counts when it comes from a trusted proxy, and from nobody else', async () => {
  const api = await testApp({ doorLimits: { perAddress: 1, trustedProxies: ['10.1.0.0/16'] } });
  const from = (address: string, forwardedFor: string) =>
    statuses(api, 1, '/readyz', { address, forwardedFor });
  expect(await from('10.1.2.3', '203.0.113.1')).toEqual([200]);
  expect(await from('10.1.2.3', '203.0.113.2')).toEqual([200]);
  // The proxy appends the address that it saw; what stands before is the client's own invention.
  expect(await from('10.1.2.3', '192.0.2.99, 203.0.113.2')).toEqual([429]);
  expect(await from('198.51.100.7', '203.0.113.3')).toEqual([200]);
  expect(await from('198.51.100.7', '203.0.113.4')).toEqual([429]);
});

test('so many looks at /readyz at once are one', async () => {
  let looks = 0;
  let answer: () => void = () => undefined;
  const api = await testApp({
    requireReady: () => {
      looks += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
  });
  const asked = Array.from({ length: 50 }, () => ask(api, '/readyz'));
  await expect.poll(() => looks).toBe(1);
  answer();
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(Array(50).fill(200));
  expect(looks).toBe(1);
});

test('requests with one key are limited when the operator says so', async () => {
  const api = await testApp({ doorLimits: { perKey: 3 } });
  expect(await statuses(api, 4, '/v5/agents', { key: apiKey })).toEqual([200, 200, 200, 429]);
  const { headers, text } = await ask(api, '/v5/agents', { key: apiKey, address: '198.51.100.8' });
  expect(JSON.parse(text)).toMatchObject({
    code: 'rate_limited',
    detail: expect.stringContaining('REQUESTS_PER_MINUTE_PER_KEY'),
  });
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
});
