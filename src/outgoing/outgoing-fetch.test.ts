import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Headers } from 'undici';
import { afterAll, expect, it, vi } from 'vitest';
import { readAllowedHosts } from './allowed-hosts.ts';
import { OutgoingRefusal } from './errors.ts';
import { outgoingFetch } from './outgoing-fetch.ts';

/** 127.0.0.2 and the names stand for the public internet; 127.0.0.1 for a forbidden address. */
const allowed = readAllowedHosts('127.0.0.2');
const limits = { timeoutMs: 5_000, mostBytes: 1_000 };
const refused = /is not on the public internet/;

const secret = await listening('127.0.0.1', (_request, response) => response.end('secret'));
const open = await listening('127.0.0.2', answer);
const neighbour = await listening('127.0.0.2', answer);

const fetch = outgoingFetch(allowed, async (name) => [
  { address: name.endsWith('.private') ? '127.0.0.1' : '127.0.0.2', family: 4 },
]);

it('reaches an address that is allowed, by number and by name', async () => {
  for (const host of ['127.0.0.2', 'open.test', 'open.test.', '0x7f000002']) {
    const response = await fetch(`http://${host}:${open.port}/hello`, {}, limits);
    expect(await response.text()).toBe('GET /hello');
  }
});

it('makes no connection to an address that is not', async () => {
  for (const host of ['127.0.0.1', '2130706433', 'name.private', '[::ffff:127.0.0.1]']) {
    await expect(fetch(`http://${host}:${secret.port}/`, {}, limits)).rejects.toThrow(refused);
  }
  expect(secret.connections()).toBe(0);
});

it('a name that answers otherwise the second time is asked once, and connected to as vetted', async () => {
  const asked: string[] = [];
  const rebinding = outgoingFetch(allowed, async (name) => {
    asked.push(name);
    return [{ address: asked.length === 1 ? '127.0.0.2' : '127.0.0.1', family: 4 }];
  });
  const url = `http://rebinding.test:${open.port}/`;
  const first = await rebinding(url, { headers: new Headers({ connection: 'close' }) }, limits);
  expect(await first.text()).toBe('GET /');
  expect(asked).toEqual(['rebinding.test']);

  const second = rebinding(`http://rebinding.test:${secret.port}/`, {}, limits);
  await expect(second).rejects.toThrow(refused);
  expect(asked).toHaveLength(2);
  expect(secret.connections()).toBe(0);
});

it('a name of which one address is refused is not connected to by another', async () => {
  const mixed = outgoingFetch(allowed, async () => [
    { address: '127.0.0.2', family: 4 },
    { address: '::1', family: 6 },
  ]);
  const before = open.connections();
  await expect(mixed(`http://mixed.test:${open.port}/`, {}, limits)).rejects.toThrow(refused);
  expect(open.connections()).toBe(before);
});

it.each([
  ['an address', () => `http://127.0.0.1:${secret.port}/`],
  ['one number', () => `http://2130706433:${secret.port}/`],
  ['a name', () => `http://name.private:${secret.port}/`],
  ['no scheme', () => `//127.0.0.1:${secret.port}/`],
  ['loopback of IPv6', () => `http://[::1]:${secret.port}/`],
  ['a mapped address', () => `http://[::ffff:127.0.0.1]:${secret.port}/`],
  ['a unique local address', () => 'http://[fd00:ec2::254]/'],
  ['the metadata of a cloud', () => 'http://169.254.169.254/latest/meta-data/'],
])('a redirect to a private place, as %s, is refused', async (_how, target) => {
  for (const status of [301, 302, 303, 307, 308]) {
    await expect(fetch(redirecting(status, target()), {}, limits)).rejects.toThrow(refused);
  }
  expect(secret.connections()).toBe(0);
});

it.each([
  ['a file', 'file:///etc/passwd'],
  ['a data URL', 'data:text/plain,secret'],
  ['a password', 'http://user:password@open.test/'],
  ['no URL', 'http://'],
])('a redirect to %s is refused', async (_what, target) => {
  const refusal = fetch(redirecting(307, target), {}, limits);
  await expect(refusal).rejects.toThrow(/^The server redirected to an address that is not allowed/);
});

it('a redirect from https to http is refused, and one to https is followed', async () => {
  // Our certificate is signed by nobody.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  try {
    const secured = createSecureServer({ key: tlsKey, cert: tlsCertificate }, answer);
    const { port } = await listeningAt('127.0.0.2', secured);
    const to = (target: string) =>
      fetch(`https://open.test:${port}/to/307/${encodeURIComponent(target)}`, {}, limits);
    const before = open.connections();
    await expect(to(`http://open.test:${open.port}/hello`)).rejects.toThrow(
      'The server redirected to an address that is not allowed. It goes from `https` to `http`.',
    );
    expect(open.connections()).toBe(before);
    expect(await (await to(`https://open.test:${port}/hello`)).text()).toBe('GET /hello');
    const risen = await fetch(redirecting(307, `https://open.test:${port}/up`), {}, limits);
    expect(await risen.text()).toBe('GET /up');
  } finally {
    vi.unstubAllEnvs();
  }
});

it('a redirect is followed five times, and not six', async () => {
  const chain = (length: number) => `http://open.test:${open.port}/chain/${length}`;
  expect(await (await fetch(chain(5), {}, limits)).text()).toBe('GET /chain/0');
  await expect(fetch(chain(6), {}, limits)).rejects.toThrow(
    'The server redirected more than 5 times.',
  );
});

it.each([
  [301, 'GET', ''],
  [302, 'GET', ''],
  [303, 'GET', ''],
  [307, 'POST', 'body'],
  [308, 'POST', 'body'],
])('after a %i, a POST goes on as %s', async (status, method, body) => {
  const request = {
    method: 'POST',
    headers: new Headers({ 'content-type': 'text/plain' }),
    body: 'body',
  };
  const response = await fetch(redirecting(status, '/seen'), request, limits);
  const seen = JSON.parse(await response.text());
  expect(seen).toMatchObject({ method, body });
  expect(seen.headers['content-type']).toBe(body === '' ? undefined : 'text/plain');
});

it('headers stay with the origin that they were given for', async () => {
  const headers = new Headers({
    authorization: 'Bearer secret',
    cookie: 'a=secret',
    'x-api-key': 'secret',
    'mcp-session-id': 'secret',
    accept: 'text/plain',
  });
  const near = await fetch(redirecting(307, '/seen'), { headers }, limits);
  expect(JSON.parse(await near.text()).headers).toMatchObject({
    authorization: 'Bearer secret',
    'x-api-key': 'secret',
  });
  for (const target of [
    `http://open.test:${neighbour.port}/seen`,
    `http://other.test:${open.port}/seen`,
  ]) {
    const far = JSON.parse(
      await (await fetch(redirecting(307, target), { headers }, limits)).text(),
    );
    expect(far.headers.accept).toBe('text/plain');
    expect(JSON.stringify(far)).not.toContain('secret');
  }
});

it('headers that were dropped on the way do not come back with the origin', async () => {
  const back = redirecting(307, '/seen');
  const away = `http://other.test:${open.port}/to/307/${encodeURIComponent(back)}`;
  const headers = new Headers({ authorization: 'Bearer secret' });
  const seen = await (await fetch(redirecting(307, away), { headers }, limits)).text();
  expect(seen).not.toContain('secret');
});

it('an answer that is too long fails while it is read, packed or not', async () => {
  for (const path of ['/bytes/1001', '/endless', '/packed']) {
    const response = await fetch(`http://open.test:${open.port}${path}`, {}, limits);
    await expect(response.text()).rejects.toThrow('The server answered with more than 1000 bytes.');
  }
  const whole = await fetch(`http://open.test:${open.port}/bytes/1000`, {}, limits);
  expect(await whole.text()).toHaveLength(1_000);
});

it('an answer that is too long is not sent on', async () => {
  const ended = Promise.withResolvers<void>();
  const server = await listening('127.0.0.2', (_request, response) => {
    response.write('x'.repeat(1_001));
    response.on('close', ended.resolve);
  });
  // The limit of time would end it, too.
  const patient = { ...limits, timeoutMs: 3_600_000 };
  const response = await fetch(`http://open.test:${server.port}/`, {}, patient);
  await expect(response.text()).rejects.toThrow('The server answered with more than 1000 bytes.');
  await ended.promise;
});

it.each(['/silent', '/dripping'])('an answer that takes too long fails: %s', async (path) => {
  const soon = { timeoutMs: 300, mostBytes: 1_000 };
  const reading = fetch(`http://open.test:${open.port}${path}`, {}, soon).then((response) =>
    response.text(),
  );
  await expect(reading).rejects.toThrow('The server did not answer within 0.3 seconds.');
});

it('a name that is never resolved takes no longer than the limit', async () => {
  const stuck = outgoingFetch(allowed, () => new Promise(() => undefined));
  const asking = stuck('http://stuck.test/', {}, { timeoutMs: 200, mostBytes: 1 });
  await expect(asking).rejects.toThrow(OutgoingRefusal);
});

it('whoever gives a request up ends it', async () => {
  const giving = new AbortController();
  const { signal } = giving;
  const asking = fetch(`http://open.test:${open.port}/silent`, { signal }, limits);
  giving.abort();
  await expect(asking).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
});

it('ports of other protocols are not spoken to', async () => {
  await expect(fetch('http://127.0.0.2:25/', {}, limits)).rejects.toThrow('fetch failed');
});

/** Of `open.test`, for nothing but this test. */
const tlsKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgr19nmdvXP94RFDir
DlU+4RlzWQacv7D57VChg34OWp6hRANCAATOR0YanVKolNdVCyxT48e+JSCb5Ph8
Pt8thY/T7e1CofcAFI/XBENbrPdf0r+0WVwyzj/Veu+wOmqX5G8otUtD
-----END PRIVATE KEY-----`;
const tlsCertificate = `-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIUffMAX/kPY+qD8JoSsUDvmfKwypQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJb3Blbi50ZXN0MCAXDTI2MTEzMDA1MzExOFoYDzIxMjYxMTA2
MDUzMTE4WjAUMRIwEAYDVQQDDAlvcGVuLnRlc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATOR0YanVKolNdVCyxT48e+JSCb5Ph8Pt8thY/T7e1CofcAFI/XBENb
rPdf0r+0WVwyzj/Veu+wOmqX5G8otUtDo1MwUTAdBgNVHQ4EFgQUKynZG4P1Muvh
NxLPkAwZxSXyZb8wHwYDVR0jBBgwFoAUKynZG4P1MuvhNxLPkAwZxSXyZb8wDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBse+AiKdcWkTMOIot1rSY3
1QV0SQtIPKEpQ7gDoeckCAIgHa7bEA46DGTjlldMTy6xz+2I4lNOr0xQvFxGmEec
mOA=
-----END CERTIFICATE-----`;

function redirecting(status: number, target: string): string {
  return `http://open.test:${open.port}/to/${status}/${encodeURIComponent(target)}`;
}

async function answer(...[request, response]: Parameters<RequestListener>): Promise<void> {
  const [, what = '', first = '', second = ''] = (request.url ?? '').split('/');
  const redirect = (status: number, location: string) =>
    response.writeHead(status, { location }).end('elsewhere');
  if (what === 'to') return void redirect(Number(first), decodeURIComponent(second));
  if (what === 'chain' && first !== '0') return void redirect(302, `/chain/${Number(first) - 1}`);
  if (what === 'bytes') return void response.end('x'.repeat(Number(first)));
  if (what === 'packed') {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    return void response.end(gzipSync('x'.repeat(1_000_000)));
  }
  if (what === 'endless') {
    const fill = () => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
    };
    response.on('drain', fill);
    return fill();
  }
  if (what === 'silent') return;
  if (what === 'dripping') {
    const drip = setInterval(() => response.write('.'), 50);
    return void response.on('close', () => clearInterval(drip));
  }
  if (what === 'seen') {
    const { method, headers } = request;
    return void response.end(JSON.stringify({ method, headers, body: await readBody(request) }));
  }
  response.end(`${request.method} ${request.url}`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString();
}

async function listening(host: string, listener: RequestListener) {
  const server = createServer(listener);
  return listeningAt(host, server);
}

async function listeningAt(host: string, server: Server & { closeAllConnections(): void }) {
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, host);
  await once(server, 'listening');
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}
