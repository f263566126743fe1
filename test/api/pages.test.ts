import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { pageRoutes } from '../../src/http/pages/page-routes.ts';
import { PlatformError } from '../../src/kernel/errors.ts';
import { version } from '../../src/kernel/version.ts';
import { testApp } from '../support/app.ts';

const { app } = await testApp();
const url = await app.listen({ port: 0, host: '127.0.0.1' });
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('GET /', () => {
  test('is a page for browsers, and the same as text for everybody else', async () => {
    const page = await app.inject({ url: '/', headers: { ...html, host: 'loop.test:5005' } });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const accept of ['*/*', 'application/json', 'text/html;q=0, */*', undefined]) {
      const headers = { host: 'loop.test:5005', ...(accept === undefined ? {} : { accept }) };
      const plain = await app.inject({ url: '/', headers });
      expect(plain.headers).toMatchObject({
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        vary: 'accept',
      });
      for (const fact of [
        version,
        'Ready',
        '/docs',
        '/openapi.json',
        '/readyz',
        'docs/agents.md',
      ]) {
        expect(page.body, fact).toContain(fact);
        expect(plain.body, fact).toContain(fact);
      }
      expect(plain.body.match(/^curl http:\/\/loop\.test:5005\/v5\//gm)).toHaveLength(3);
    }
  });

  test('needs no key, and answers HEAD and nothing else', async () => {
    const page = await app.inject({ url: '/', headers: html });
    const head = await app.inject({ method: 'HEAD', url: '/', headers: html });
    expect(head.statusCode).toBe(200);
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(page.body)));
    expect(head.body).toBe('');
    expect((await app.inject({ method: 'POST', url: '/' })).statusCode).toBe(405);
  });

  test('runs nothing but its own files, is not framed, and tells nobody where it is', async () => {
    const { headers, body } = await app.inject({ url: '/', headers: html });
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(policyOf(headers)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self'",
      'connect-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(body).not.toMatch(/<style|<script(?! src=)| on\w+=| style=/);
  });

  test.each([
    `evil.test"><script>alert(1)</script>`,
    'evil.test/$(touch x)',
    'evil.test;id',
    "evil.test'",
    'evil.test:5005:1',
  ])('shows its own address when it was asked by the host %j', async (host) => {
    for (const headers of [html, { accept: '*/*' }]) {
      const body = await textOf(get(`${url}/`, { headers: { ...headers, host } }));
      expect(body).not.toContain('evil.test');
      const shown = body.match(/curl (<span data-origin>)?http:[^</]*\/\/[^</]+/g) ?? [];
      expect(shown.map((command) => command.replace(/.*http:/, 'http:'))).toEqual([url, url, url]);
    }
  });

  test.each(['localhost:5005', '127.0.0.1', '[::1]:5005', 'loop.example.com'])(
    'shows the host %s by which it was reached',
    async (host) => {
      const { body } = await app.inject({ url: '/', headers: { accept: '*/*', host } });
      expect(body).toContain(`curl http://${host}/v5/agents/call`);
    },
  );

  test('says why the server is not ready, as text', async () => {
    const unready = fastify();
    const why = new PlatformError('unavailable', 'not_migrated', 'Not <yet>.');
    await unready.register(pageRoutes(() => Promise.reject(why)));
    const page = await unready.inject({ url: '/', headers: html });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('data-state="not-ready">Not ready: Not &lt;yet&gt;.</p>');
    expect((await unready.inject('/')).body).toContain('\nNot ready: Not <yet>.\n');
    await unready.close();
  });
});

describe('the API reference', () => {
  test('is where /docs leads, at an address that stays', async () => {
    const { statusCode, headers } = await app.inject('/docs');
    expect({ statusCode, location: headers.location }).toEqual({
      statusCode: 302,
      location: '/docs/api/console',
    });
    const page = await app.inject('/docs/api/console');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect((await app.inject({ method: 'HEAD', url: '/docs/api/console' })).statusCode).toBe(200);
  });

  test('may set styles inline, and run nothing inline', async () => {
    const { headers, body } = await app.inject('/docs/api/console');
    expect(policyOf(headers)).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self' 'unsafe-inline'",
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'frame-ancestors': "'none'",
    });
    expect(body).not.toMatch(/<script(?! src=)/);
  });
});

describe('files of pages', () => {
  test('are kept for good by the addresses that pages have for them, and asked for again by others', async () => {
    const addresses: string[] = [];
    for (const page of ['/', '/docs/api/console']) {
      const { body } = await app.inject({ url: page, headers: html });
      addresses.push(
        ...[...body.matchAll(/(?:src|href)="([^"]+\?v=[^"]+)"/g)].map(([, at]) => at ?? ''),
      );
    }
    expect(new Set(addresses).size).toBe(8);
    for (const address of addresses) {
      const { statusCode, headers, body } = await app.inject(address);
      expect({ address, statusCode }).toEqual({ address, statusCode: 200 });
      expect(body).not.toBe('');
      expect(headers['content-type']).toMatch(
        /^(text\/(css|javascript); charset=utf-8|image\/svg\+xml)$/,
      );
      expect(headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      });
      const bare = await app.inject(address.split('?', 1).join());
      expect(bare.headers).toMatchObject({ 'cache-control': 'no-cache', etag: headers.etag });
    }
  });

  test('are not sent again to who has them', async () => {
    const address = '/docs/assets/swagger-ui.css';
    const { headers, body } = await app.inject({ method: 'HEAD', url: address });
    expect(body).toBe('');
    expect(Number(headers['content-length'])).toBeGreaterThan(100_000);
    const etag = String(headers.etag);
    for (const tags of [etag, `W/${etag}`, `"another", ${etag}`, '*']) {
      const again = await app.inject({ url: address, headers: { 'if-none-match': tags } });
      expect({ tags, status: again.statusCode, body: again.body }).toEqual({
        tags,
        status: 304,
        body: '',
      });
      expect(again.headers.etag).toBe(etag);
    }
    const changed = await app.inject({ url: address, headers: { 'if-none-match': '"another"' } });
    expect(changed.statusCode).toBe(200);
  });

  test.each([
    '/docs/assets/',
    '/docs/assets/none.css',
    '/docs/assets/toString',
    '/docs/assets/index.js',
    '/docs/assets/..%2fassets.ts',
    '/docs/assets/%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fpackage.json',
    '/docs/assets/swagger-ui-bundle.js.map',
  ])('%s is none', async (address) => {
    const { statusCode, body } = await app.inject(address);
    expect(statusCode).toBe(404);
    expect(JSON.parse(body).code).toBe('route_not_found');
  });

  test('are not left by way of dots', async () => {
    // `fetch` and curl would take the dots out before they ask.
    for (const path of ['/docs/assets/../../package.json', '/docs/assets/./home.css/../x']) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.end(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      const [answer] = await once(socket.setEncoding('utf8'), 'data');
      expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    }
  });
});

test('curl shows the text', async () => {
  const { stdout } = await promisify(execFile)('curl', ['-s', url]);
  expect(stdout).toContain(`Loopwright ${version}`);
  expect(stdout).toContain(`curl ${url}/v5/logs/first-run`);
});

async function textOf(request: ClientRequest): Promise<string> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return text(response);
}

function policyOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const directives = String(headers['content-security-policy']).split('; ');
  return Object.fromEntries(
    directives.map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );
}
