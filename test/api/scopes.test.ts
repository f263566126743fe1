import { describe, expect, test } from 'vitest';
import { effectiveScopes, scopesOfRole } from '../../src/accounts/scopes.ts';
import { type Role, roles, type Scope, scopes } from '../../src/contract/accounts.ts';
import { fileKinds } from '../../src/files/kinds/index.ts';
import { type Rule, routeRules, ruleOf } from '../../src/http/scopes.ts';
import { callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { addKey } from '../support/keys.ts';
import { newMember } from '../support/people.ts';
import { expectRefusal, send } from '../support/refusals.ts';

// Every route × everybody who may ask: what the table says is what the server does.

// The addresses of the web UI are served whether it is built or not.
const api = await testApp({ webFolder: 'web/not-built' });

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** A route of the server, for each kind of file that has it. */
interface Served {
  readonly method: Method;
  readonly pattern: string;
  readonly rule: Rule;
}

const served: readonly Served[] = routeRules.flatMap(([methods, line, rule]) =>
  methods.split(' ').flatMap((method) =>
    patternsOf(line)
      .map((pattern) => ({ method: method as Method, pattern, rule }))
      .filter(({ method, pattern }) => isServed(method, pattern)),
  ),
);

function patternsOf(line: string): readonly string[] {
  if (!line.includes(':kind')) return [line];
  return fileKinds.map(({ collection }) => line.replace(':kind', collection));
}

function isServed(method: Method, pattern: string): boolean {
  return [pattern, `${pattern}/`].some((url) => api.app.hasRoute({ method, url }));
}

test('a line of the table is of a route that is there', () => {
  const unused = routeRules.flatMap(([methods, line]) =>
    methods
      .split(' ')
      .filter((method) => !patternsOf(line).some((pattern) => isServed(method as Method, pattern)))
      .map((method) => `${method} ${line}`),
  );
  expect(unused).toEqual([]);
});

test('a route that no line or two lines match is refused', () => {
  expect(() => ruleOf('PUT', '/v5/agents')).toThrow(
    'No line of http/scopes.ts matches PUT /v5/agents.',
  );
  expect(() => ruleOf('GET', '/v5/new-thing')).toThrow('No line');
  const twice = [...routeRules, ['GET', '/v5/agents', { caller: 'none', needs: [] }] as const];
  expect(() => ruleOf('GET', '/v5/agents/', twice)).toThrow('More than one line');
  expect(ruleOf('HEAD', '/v5/agents/:any')).toBe(ruleOf('GET', '/v5/agents/:id'));
});

/** Sends a request of which only the address is right: whoever may ask gets no further. */
function ask({ method, pattern }: Served, headers: Readonly<Record<string, string>>) {
  const url = pattern.replaceAll(/:\w+/g, 'nothing');
  const body = method === 'POST' || method === 'PATCH' ? '[]' : undefined;
  return send(api, method, url, body, headers);
}

test('without a key that is right, nothing but the open routes answers', async () => {
  const keys = [
    '',
    'lw_sk_unknown',
    await addKey(api, { expiresAt: '2020-01-01T00:00:00Z' }),
    await addKey(api, { revokedAt: '2020-01-01T00:00:00Z' }),
  ];
  const wrong: string[] = [];
  for (const route of served) {
    for (const key of keys) {
      const { statusCode } = await ask(route, { 'x-api-key': key });
      const isOpen = route.rule.caller === 'none';
      if ((statusCode === 401) === isOpen) wrong.push(`${nameOf(route)} ${key}: ${statusCode}`);
    }
  }
  expect(wrong).toEqual([]);
});

const nameOf = ({ method, pattern }: Served) => `${method} ${pattern}`;

/** Everybody who has some scopes: what they may do is what the scope and the role have in common. */
const callers = [
  ...scopes.map((scope) => ({ role: 'owner' as Role, scopes: [scope] })),
  ...roles.map((role) => ({ role, scopes })),
];

test.each(callers)('a key with $scopes of a member who is $role', async (given) => {
  const key = await addKey(api, given);
  const may = effectiveScopes(given.scopes, given.role);
  expect(await wrongVerdicts({ 'x-api-key': key }, { type: 'key', may })).toEqual([]);
});

test.each(roles)('a session of a member who is %s', async (role) => {
  const { cookie } = await newMember(api, role);
  const headers = { cookie, 'x-api-key': '', 'sec-fetch-site': 'same-origin' };
  const may = scopesOfRole(role);
  expect(await wrongVerdicts(headers, { type: 'session', may })).toEqual([]);
});

/** The routes that do not treat a caller as the table says. */
async function wrongVerdicts(
  headers: Readonly<Record<string, string>>,
  caller: { readonly type: 'key' | 'session'; readonly may: ReadonlySet<Scope> },
): Promise<readonly string[]> {
  const wrong: string[] = [];
  // The open routes ask for nobody, and one of them ends the session.
  for (const route of served.filter(({ rule }) => rule.caller !== 'none')) {
    const answer = await ask(route, headers);
    const expected = refusalOf(route.rule, caller);
    const { statusCode, body } = answer;
    const told = statusCode === 403 ? `${body.code} ${/`\w+`/.exec(body.detail)?.[0]}` : undefined;
    if (statusCode === 401 || told !== expected) {
      wrong.push(`${nameOf(route)}: ${statusCode} ${told}, not ${expected}`);
    }
    if (statusCode === 403) expectRefusal(answer, 403);
  }
  return wrong;
}

/** How a rule refuses a caller; undefined: it lets them pass. */
function refusalOf(
  { caller, needs, ownLog }: Rule,
  { type, may }: { readonly type: 'key' | 'session'; readonly may: ReadonlySet<Scope> },
): string | undefined {
  if (caller === 'session' && type !== 'session') return 'session_required undefined';
  const isEnough = needs.some((set) => set.every((scope) => may.has(scope)));
  if (needs.length === 0 || isEnough || (ownLog && may.has('run'))) return undefined;
  return `insufficient_scope \`${needs[0]?.find((scope) => !may.has(scope))}\``;
}

describe('a key that may only run', async () => {
  const ours = await addKey(api, { scopes: ['run'] });
  const others = await addKey(api, { scopes: ['run'] });
  const asking = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]);
  const as = (key: string) => (method: Method, url: string, body?: object) =>
    send(api, method, `/v5${url}`, body && JSON.stringify(body), { 'x-api-key': key });
  const run = async (logId: string, key = ours) => {
    const call = { path: 'asking', agent: asking, messages: hello, log_id: logId };
    const { statusCode } = await as(key)('POST', '/agents/call', call);
    expect(statusCode).toBe(200);
  };
  const onward = (logId: string) =>
    [
      ['GET', `/logs/${logId}`, undefined],
      ['GET', `/logs/${logId}/events?after=0`, undefined],
      ['POST', '/agents/continue', { log_id: logId, messages: answer }],
      ['POST', `/logs/${logId}/cancel`, undefined],
    ] as const;
  const answer = [{ role: 'tool', tool_call_id: 'call_1_1', content: '42' }];

  test('reads, continues and cancels the logs that it made', async () => {
    await run('ours');
    for (const [method, url, body] of onward('ours').slice(0, 3)) {
      expect((await as(ours)(method, url, body)).statusCode, url).toBe(200);
    }
    await run('ours-again');
    expect((await as(ours)('POST', '/logs/ours-again/cancel')).statusCode).toBe(200);
  });

  test('does not find those of another key', async () => {
    await run('theirs', others);
    for (const [method, url, body] of onward('theirs')) {
      const refused = await as(ours)(method, url, body);
      expectRefusal(refused, 404);
      expect(refused.body.detail).toBe('There is no log `theirs`.');
    }
    const { body: log } = await api.get('/logs/theirs');
    expect(log.log_status).toBe('incomplete');
    const change = await as(ours)('PATCH', `/agents/${log.agent.id}/log/theirs`, { output: 'x' });
    expectRefusal(change, 404);
    expect((await as(others)('POST', '/logs/theirs/cancel')).statusCode).toBe(200);
  });
});

test('where the operator says so, a key that may only run makes no versions', async () => {
  const strict = await testApp({
    database: api.database,
    rules: { runKeysCreateFiles: false },
  });
  const key = await addKey(api, { scopes: ['run'] });
  const ask = (url: string, body: object) =>
    send(strict, 'POST', `/v5${url}`, JSON.stringify(body), { 'x-api-key': key });
  const agent = scripted([{ content: 'Done.' }]);
  const call = { path: 'strict', messages: hello };
  const refused = [
    await ask('/agents/call', { ...call, agent }),
    await ask('/agents/log', { path: 'strict', agent }),
    await ask('/flows/log', { path: 'strict-flow', flow: { attributes: {} } }),
    await ask('/import/otel/v1/traces', { resourceSpans: [] }),
  ];
  for (const answer of refused) {
    expectRefusal(answer, 403);
    expect(answer.body.detail).toContain('`write`');
  }
  await strict.post('/agents', { path: 'strict', ...agent });
  expect((await ask('/agents/call', call)).statusCode).toBe(200);
  expect((await strict.post('/agents/call', { ...call, agent })).statusCode).toBe(200);
});

test('where the operator says so, the description of the API needs a key', async () => {
  const closed = await testApp({ database: api.database, rules: { openApiIsOpen: false } });
  const ask = (key: string) =>
    send(closed, 'GET', '/openapi.json', undefined, { 'x-api-key': key });
  expectRefusal(await ask(''), 401);
  expectRefusal(await ask(await addKey(api, { scopes: ['run'] })), 403);
  expect((await ask(await addKey(api, { scopes: ['read'] }))).body.openapi).toBe('3.1.0');
  expect((await closed.app.inject('/docs/api/console')).statusCode).toBe(200);
});

test('the document says the scopes of each route', async () => {
  const { paths } = (await api.app.inject('/openapi.json')).json();
  const schemes = ['apiKey', 'bearer', 'session'];
  expect(paths['/v5/agents'].post.security).toEqual(
    schemes.map((scheme) => ({ [scheme]: ['write'] })),
  );
  expect(paths['/v5/auth/sign-in'].post.security).toEqual([]);
  expect(paths['/v5/me'].patch.security).toEqual([{ session: [] }]);
  expect(paths['/v5/reviews/next'].post.security[0]).toEqual({ apiKey: ['run', 'read'] });
  expect(paths['/v5/logs/{id}'].get.security).toContainEqual({ apiKey: ['run'] });
  for (const operations of Object.values<object>(paths)) {
    for (const { security } of Object.values(operations)) expect(security).toBeDefined();
  }
});
