import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, expect, test } from 'vitest';
import { listen } from './listen.ts';

const app = fastify();
afterAll(() => app.close());

test('a server on every address of its machine is told by one that can be opened', async () => {
  app.get('/', async () => 'Here.');
  const url = await listen(app, { host: '0.0.0.0', port: 0 });
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(url)).text()).toBe('Here.');
});

test.each([
  ['EADDRINUSE', /^PORT 80 is already in use/],
  ['EACCES', /^PORT 80 requires root\. /],
  ['EADDRNOTAVAIL', /^HOST db is not an address of this machine \(EADDRNOTAVAIL\)/],
  ['ENOTFOUND', /^HOST db is not an address of this machine \(ENOTFOUND\)/],
  ['EMFILE', /^PORT 80 of HOST db cannot be opened \(EMFILE\)\. /],
  ['ENOBUFS', /^PORT 80 of HOST db cannot be opened \(ENOBUFS\)\. /],
])('where there is no listening for %s, a sentence says why', async (code, sentence) => {
  const refused: Pick<FastifyInstance, 'listen'> = {
    listen: () => Promise.reject(Object.assign(new Error('Refused.'), { code })) as never,
  };
  const listening = listen(refused as FastifyInstance, { host: 'db', port: 80 });
  await expect(listening).rejects.toThrow(sentence);
});
