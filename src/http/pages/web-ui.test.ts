import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { afterAll, expect, test } from 'vitest';
import { pageRoutes } from './page-routes.ts';
import { webUi, webUiPaths } from './web-ui.ts';

const folder = mkdtempSync(join(tmpdir(), 'web-ui-'));
const built = join(folder, 'dist');
mkdirSync(join(built, 'assets'), { recursive: true });
const script = 'export const a = 1;';
writeFileSync(join(folder, 'secret.js'), 'secret');
writeFileSync(join(built, 'index.html'), '<meta name="style-nonce" content="__STYLE_NONCE__">UI');
writeFileSync(join(built, 'theme.js'), 'theme');
writeFileSync(join(built, 'assets/main-1.js'), script);
writeFileSync(join(built, 'assets/main-1.js.br'), brotliCompressSync(script));
writeFileSync(join(built, 'assets/main-1.js.gz'), gzipSync(script));
writeFileSync(join(built, '.built-from'), 'hash');

async function appWith(webFolder?: string) {
  const app = fastify();
  await app.register(
    pageRoutes(async () => undefined, webFolder === undefined ? undefined : webUi(webFolder)),
  );
  return app;
}

const app = await appWith(built);
const html = { accept: 'text/html' };

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

test('every address of the UI has its page, whoever asks; `/` is text for curl', async () => {
  const addresses = ['/', ...webUiPaths.flatMap((path) => [`/${path}`, `/${path}/some/thing`])];
  for (const url of addresses) {
    const { statusCode, body, headers } = await app.inject({ url, headers: html });
    expect({ url, statusCode, body }).toMatchObject({
      statusCode: 200,
      body: expect.stringMatching(/UI$/),
    });
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
    });
  }
  expect((await app.inject('/')).body).toContain('Loopwright');
  expect((await app.inject('/nowhere')).statusCode).toBe(404);
});

test('each answer has a nonce of its own, in the page and in its policy, which allows this server alone', async () => {
  const pages = [await app.inject('/logs'), await app.inject('/logs')];
  const nonces = pages.map(({ body }) => /content="([^"]+)"/.exec(body)?.[1] ?? '');
  expect(new Set(nonces).size).toBe(2);
  for (const [index, { headers }] of pages.entries()) {
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain(`style-src 'self' 'nonce-${nonces[index]}'`);
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:/);
  }
});

test('files are sent as small as the reader accepts, and kept for good when their name has a hash', async () => {
  const sizes: number[] = [];
  for (const [accepted, encoding] of [
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    [undefined, undefined],
  ]) {
    const headers = accepted === undefined ? {} : { 'accept-encoding': accepted };
    const answer = await app.inject({ url: '/assets/main-1.js', headers });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'accept-encoding',
    });
    sizes.push(answer.rawPayload.length);
  }
  expect(sizes).toEqual([
    brotliCompressSync(script).length,
    gzipSync(script).length,
    script.length,
  ]);
  const theme = await app.inject('/theme.js');
  expect(theme.headers['cache-control']).toBe('no-cache');
});

test.each([
  '/assets/none.js',
  '/assets/..%2f..%2fsecret.js',
  '/assets/%2e%2e%2fsecret.js',
  '/assets/main-1.js.br',
  '/assets/.built-from',
  '/icon.svg',
])('%s is no file of the UI, and no answer to be kept', async (url) => {
  const { statusCode, headers } = await app.inject(url);
  expect(statusCode).not.toBe(200);
  expect(headers['cache-control'] ?? 'none').not.toContain('immutable');
});

test('while the UI is being built, every page says so and looks again', async () => {
  const unbuilt = join(folder, 'unbuilt');
  writeFileSync(`${unbuilt}.building`, String(process.pid));
  const building = await appWith(unbuilt);
  for (const url of ['/', '/setup']) {
    const { statusCode, body, headers } = await building.inject({ url, headers: html });
    expect(statusCode).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toContain('The web UI is being built');
    expect(body).toContain('/docs/assets/building.js');
  }
  expect((await building.inject('/')).body).not.toContain('being built');
  // Its builder was killed.
  writeFileSync(`${unbuilt}.building`, '999999999');
  const { body } = await building.inject({ url: '/', headers: html });
  expect(body).toContain('First commands');
  await building.close();
});

test('without a built UI, or without a folder for it, `/` is the page of before', async () => {
  for (const webFolder of [join(folder, 'nothing'), undefined]) {
    const without = await appWith(webFolder);
    const { body } = await without.inject({ url: '/', headers: html });
    expect(body).toContain('First commands');
    expect((await without.inject({ url: '/logs', headers: html })).statusCode).not.toBe(200);
    await without.close();
  }
});
