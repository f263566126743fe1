import { Validator } from '@seriousme/openapi-schema-validator';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import type { FileKind } from '../../src/files/kind.ts';
import { fileKinds } from '../../src/files/kinds/index.ts';
import { operationTexts } from '../../src/http/document/api-document.ts';
import { openApiRoute } from '../../src/http/routes/openapi-route.ts';
import { type Content, documentOf, type Operation, takesKey } from '../support/answer-check.ts';
import { eventsOf, piecesOf, testApp } from '../support/app.ts';
import { makeReview } from '../support/one-of-everything.ts';
import { send } from '../support/refusals.ts';

const api = await testApp();
const { body: published } = await send(api, 'GET', '/openapi.json');
const document = documentOf(published);

/** The routes that every kind of file has. */
const ofEveryKind = [
  'GET',
  'POST',
  'GET /{id}',
  'PATCH /{id}',
  'DELETE /{id}',
  'GET /{id}/versions',
  'PATCH /{id}/versions/{version_id}',
  'DELETE /{id}/versions/{version_id}',
  'POST /{id}/versions/{version_id}/commit',
  'GET /{id}/environments',
  'POST /{id}/environments/{environment_id}',
  'DELETE /{id}/environments/{environment_id}',
];

const ofSomeKinds: Readonly<Record<string, readonly string[]>> = {
  agents: [
    'POST /call',
    'POST /continue',
    'POST /log',
    'PATCH /{id}/log/{log_id}',
    'POST /{id}/evaluators',
    'GET /{id}/evaluators/stats',
    'GET /{id}/serialize',
    'POST /serialize',
    'POST /deserialize',
  ],
  prompts: [
    'POST /call',
    'POST /log',
    'PATCH /{id}/log/{log_id}',
    'POST /{id}/evaluators',
    'GET /{id}/evaluators/stats',
    'POST /{id}/populate',
    'GET /{id}/serialize',
    'POST /serialize',
    'POST /deserialize',
  ],
  tools: [
    'POST /log',
    'PATCH /{id}/log/{log_id}',
    'POST /{id}/evaluators',
    'GET /{id}/evaluators/stats',
    'POST /call',
    'GET /{id}/environment-variables',
    'POST /{id}/environment-variables',
    'DELETE /{id}/environment-variables/{name}',
  ],
  flows: [
    'POST /log',
    'PATCH /logs/{log_id}',
    'POST /{id}/evaluators',
    'GET /{id}/evaluators/stats',
  ],
  evaluators: ['POST /log', 'POST /{id}/evaluators', 'GET /{id}/evaluators/stats', 'POST /call'],
  datasets: ['GET /{id}/datapoints', 'POST /{id}/datapoints/csv'],
};

const ofTheirOwn = [
  'GET /v5/api-keys',
  'POST /v5/api-keys',
  'PATCH /v5/api-keys/{id}',
  'DELETE /v5/api-keys/{id}',
  'POST /v5/api-keys/{id}/rotate',
  'GET /v5/auth/invitation/{token}',
  'POST /v5/auth/invitation/{token}',
  'GET /v5/auth/reset/{token}',
  'POST /v5/auth/reset/{token}',
  'POST /v5/auth/setup',
  'GET /v5/auth',
  'POST /v5/auth/sign-in',
  'POST /v5/auth/sign-out',
  'GET /v5/deployments',
  'GET /v5/environments',
  'POST /v5/environments',
  'PATCH /v5/environments/{id}',
  'DELETE /v5/environments/{id}',
  'GET /v5/invitations',
  'POST /v5/invitations',
  'DELETE /v5/invitations/{id}',
  'POST /v5/invitations/{id}/renew',
  'GET /v5/me',
  'PATCH /v5/me',
  'GET /v5/me/sessions',
  'DELETE /v5/me/sessions/{id}',
  'GET /v5/members',
  'GET /v5/members/{id}',
  'PATCH /v5/members/{id}',
  'DELETE /v5/members/{id}',
  'POST /v5/members/{id}/reset',
  'GET /v5/organization',
  'PATCH /v5/organization',
  'DELETE /v5/organization',
  'GET /v5/directories',
  'POST /v5/directories',
  'GET /v5/directories/{id}',
  'GET /v5/directories/{id}/log-stats',
  'PATCH /v5/directories/{id}',
  'DELETE /v5/directories/{id}',
  'GET /v5/evaluations',
  'POST /v5/evaluations',
  'GET /v5/evaluations/{id}',
  'DELETE /v5/evaluations/{id}',
  'POST /v5/evaluations/{id}/evaluators',
  'DELETE /v5/evaluations/{id}/evaluators/{evaluator_version_id}',
  'GET /v5/evaluations/{id}/logs',
  'GET /v5/evaluations/{id}/runs',
  'POST /v5/evaluations/{id}/runs',
  'POST /v5/evaluations/{id}/runs/{run_id}',
  'PATCH /v5/evaluations/{id}/runs/{run_id}',
  'DELETE /v5/evaluations/{id}/runs/{run_id}',
  'POST /v5/evaluations/{id}/runs/{run_id}/logs',
  'POST /v5/evaluations/{id}/runs/{run_id}/retry',
  'GET /v5/files',
  'POST /v5/files/retrieve-by-path',
  'POST /v5/import/otel/v1/traces',
  'GET /v5/logs',
  'GET /v5/logs/{id}',
  'DELETE /v5/logs',
  'GET /v5/logs/{log_id}/events',
  'POST /v5/logs/{log_id}/fork',
  'GET /v5/logs/{log_id}/neighbours',
  'POST /v5/logs/delete',
  'GET /v5/log-stats',
  'GET /v5/log-export',
  'GET /v5/logs/{log_id}/spans',
  'GET /v5/logs/{log_id}/spans/{span_id}',
  'POST /v5/logs/{log_id}/cancel',
  'GET /v5/evaluations/{id}/compare',
  'POST /v5/evaluations/{id}/compare',
  'GET /v5/evaluations/{id}/compare/datapoints',
  'GET /v5/evaluations/{id}/stats',
  'POST /v5/evaluations/{id}/runs/{run_id}/gate',
  'GET /v5/models',
  'GET /v5/custom-endpoints',
  'POST /v5/custom-endpoints',
  'GET /v5/custom-endpoints/{endpoint}',
  'PATCH /v5/custom-endpoints/{endpoint}',
  'DELETE /v5/custom-endpoints/{endpoint}',
  'POST /v5/custom-endpoints/{endpoint}/test',
  'GET /v5/provider-keys',
  'POST /v5/provider-keys',
  'DELETE /v5/provider-keys/{provider}',
  'POST /v5/provider-keys/{provider}/test',
  'POST /v5/evaluations/{id}/replays',
  'GET /v5/evaluators/{id}/agreement',
  'GET /v5/reviews',
  'POST /v5/reviews/next',
  'POST /v5/reviews/{id}',
  'DELETE /v5/reviews/{id}/reservation',
];

test('every route is described, and every route that is described is there', () => {
  const ofKinds = fileKinds.flatMap(({ collection }) =>
    [...ofEveryKind, ...(ofSomeKinds[collection] ?? [])].map((route) => {
      const [method, below = ''] = route.split(' ');
      return `${method} /v5/${collection}${below}`;
    }),
  );
  const described = document.routes.map(({ name }) => name);
  expect(described.toSorted()).toEqual([...ofKinds, ...ofTheirOwn].toSorted());
  for (const { path, method, name } of document.routes) {
    const url = path.replaceAll(/\{(\w+)\}/g, ':$1');
    const isThere = [url, `${url}/`].some((at) =>
      api.app.hasRoute({ method: method as 'GET', url: at }),
    );
    expect(isThere, name).toBe(true);
  }
});

test('an operation has a name of its own, its parameters, its answer and its refusal', () => {
  const names = document.routes.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { name: route, path, operation } of document.routes) {
    const given = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(given.map(({ name }) => name).sort(), route).toEqual(inPath.sort());
    expect(operation.tags, route).toHaveLength(1);
    expect(operation.operationId, route).toMatch(/^[a-z]+_[a-z_]+$/);
    expect(Object.keys(operation.responses), route).toEqual(expect.arrayContaining(['422', '4XX']));
    expect(Object.keys(operation.responses).some((status) => /^20\d$/.test(status))).toBe(true);
  }
});

test('an operation that begins a run says how the Node SDK is told that the run has failed', () => {
  const saying = document.routes.filter(({ operation }) => '424' in operation.responses);
  expect(saying.map(({ operation }) => operation.operationId).sort()).toEqual([
    'agents_call',
    'agents_continue',
    'logs_fork',
    'prompts_call',
    'tools_call',
  ]);
  for (const { operation } of saying) {
    expect(operation.responses['424']?.description).toContain('`X-Fern-Language: JavaScript`');
  }
});

test('an operation and its parameters are told in sentences', () => {
  const tags = (document.whole['tags'] as { name: string }[]).map(({ name }) => name);
  for (const { name, operation } of document.routes) {
    expect(tags, name).toEqual(expect.arrayContaining([...operation.tags]));
    expect(operation.summary, name).toMatch(/^[A-Z][^.]+[^.]$/);
    expect(operation.description, name).toMatch(/^[A-Z`].+\.$/);
    for (const response of Object.values(operation.responses)) {
      expect(response.description, name).toMatch(/^[A-Z`].+\.$/);
    }
    for (const parameter of operation.parameters ?? []) {
      expect(parameter.description, `${name}: ${parameter.name}`).toMatch(/^[A-Z`].+\.$/);
    }
  }
  const ids = document.routes.map(({ operation }) => operation.operationId);
  expect(Object.keys(operationTexts()).toSorted()).toEqual(ids.toSorted());
  const summaries = document.routes.map(({ operation }) => operation.summary);
  expect(new Set(summaries).size).toBe(summaries.length);
});

test('every body that is sent or answered has an example, and every example fits its schema', () => {
  for (const { name, operation } of document.routes) {
    for (const [place, content] of contentsOf(operation)) {
      for (const [type, media] of Object.entries(content)) {
        const examples = examplesIn(media);
        expect(examples.length, `${name} ${place} ${type}`).toBeGreaterThan(0);
        const validate = document.compile(media?.schema ?? {});
        for (const example of examples) {
          expect(validate(example), `${name} ${place}: ${JSON.stringify(validate.errors)}`).toBe(
            true,
          );
        }
      }
    }
  }
});

test('examples of requests are taken, one after another', async () => {
  const taken: string[] = [];
  for (const kind of fileKinds) {
    const upsert = requestExamples(`${kind.collection}_upsert`)[0] as object;
    const { body } = await api.post(`/${kind.collection}`, upsert);
    taken.push(body.type);
    if (!kind.text) continue;
    const [text] = requestExamples(`${kind.collection}_deserialize`);
    const read = await api.post(`/${kind.collection}/deserialize`, text);
    expect(read.statusCode, JSON.stringify(read.body)).toBe(200);
    expect(read.body).toEqual(answerExamples(`${kind.collection}_deserialize`)[0]);
    const [fields] = requestExamples(`${kind.collection}_serialize_fields`);
    const written = await api.post(`/${kind.collection}/serialize`, fields);
    expect({ [kind.type]: written.body }).toEqual(text);
  }
  expect(taken).toEqual(fileKinds.map(({ type }) => type));

  const [flow] = requestExamples('flows_log') as [object];
  const trace = await api.post('/flows/log', flow);
  const [prompt] = requestExamples('prompts_log') as [object];
  const step = await api.post('/prompts/log', { ...prompt, trace_parent_id: trace.body.id });
  expect(step.statusCode, JSON.stringify(step.body)).toBe(200);
  const [judged] = requestExamples('evaluators_log') as [object];
  for (const [url, body] of [
    ['/agents/log', requestExamples('agents_log')[0]],
    ['/tools/log', requestExamples('tools_log')[0]],
    ['/evaluators/log', { ...judged, parent_id: step.body.id }],
    ['/import/otel/v1/traces', requestExamples('import_otel_traces')[0]],
    ['/files/retrieve-by-path', requestExamples('files_retrieve_by_path')[0]],
  ] as const) {
    const answer = await api.post(url, body);
    expect(answer.statusCode, `${url}: ${JSON.stringify(answer.body)}`).toBe(200);
  }
});

test('a parameter with a default may be left out, and a list is a name that comes again', () => {
  const parameters = document.routes.flatMap(({ operation }) => operation.parameters ?? []);
  const withDefault = parameters.filter(({ schema }) => 'default' in schema);
  expect(withDefault.length).toBeGreaterThan(0);
  expect(withDefault.filter(({ required }) => required)).toEqual([]);
  const lists = parameters.filter(({ schema }) => (schema as { type?: string }).type === 'array');
  expect(lists.length).toBeGreaterThan(0);
  expect(lists.filter(({ explode }) => !explode)).toEqual([]);
});

test('a body that may be left out is one that the server does without', async () => {
  const known = new Map<string, string>();
  for (const { collection, log } of fileKinds as readonly FileKind[]) {
    const [example] = requestExamples(`${collection}_upsert`) as [object];
    const path = `Left out/${collection}`;
    const upsert = { ...example, path, template: undefined };
    const { body } = await api.post(`/${collection}`, upsert);
    known.set(`${collection} id`, body.id).set(`${collection} version_id`, body.version_id);
    if (!log?.update) continue;
    const request = { id: body.id, log_status: 'incomplete' };
    const logged = await api.post(`/${collection}/log`, request);
    known.set(`${collection} log_id`, logged.body.id);
  }
  const directory = await api.post('/directories', { path: 'Left out/directory' });
  known.set('directories id', directory.body.id);
  const evaluation = await api.post('/evaluations', { evaluators: [] });
  const run = await api.post(`/evaluations/${evaluation.body.id}/runs`, {});
  known.set('evaluations id', evaluation.body.id).set('evaluations run_id', run.body.id);
  const post = async (url: string, body: unknown) => (await api.post(url, body)).body;
  known.set('reviews id', await makeReview(post, 'Left out'));
  const endpoint = { name: 'left-out', base_url: 'https://llm.example.com/v1' };
  await api.post('/custom-endpoints', endpoint);
  known.set('custom_endpoints endpoint', endpoint.name).set('provider_keys provider', 'mock');
  const make = async (url: string, body: object) => (await api.post(url, body)).body.id;
  known.set('api_keys id', await make('/api-keys', { name: 'Left out' }));
  known.set('environments id', await make('/environments', { name: 'Left out' }));
  const invited = { email_address: 'left.out@example.com', role: 'viewer' };
  known.set('invitations id', await make('/invitations', invited));
  const { body: members } = await api.get('/members');
  known.set('members id', members[0].id);
  for (const { method, path, operation } of document.routes) {
    // Without a session, a body is not looked at.
    if (!operation.requestBody || !takesKey(operation)) continue;
    const url = path.replaceAll(/\{(\w+)\}/g, (_, name) =>
      String(known.get(`${operation.tags[0]} ${name}`)),
    );
    const answer = await send(api, method as 'POST', url);
    const expected = operation.requestBody.required ? [415, 422] : [200, 201];
    expect(expected, `${operation.operationId}: ${answer.statusCode}`).toContain(answer.statusCode);
    const { detail } = examplesIn(operation.responses['422']?.content?.['application/json'])[0] as {
      detail: readonly { type: string }[];
    };
    if (answer.statusCode === 422 && detail[0]?.type === 'missing') {
      expect(answer.body.detail).toContainEqual(detail[0]);
    }
  }
});

test('an answer may be a text, a stream, or nothing; a body may be a form', () => {
  const answerTypes = (operationId: string) =>
    Object.values(operationOf(operationId).responses).map(({ content }) =>
      Object.keys(content ?? {}).join(),
    )[0];
  expect(answerTypes('agents_serialize')).toBe('text/plain');
  expect(answerTypes('agents_delete')).toBe('');
  const streams = ['agents_call', 'agents_continue', 'prompts_call'];
  expect(streams.map(answerTypes)).toEqual(streams.map(() => 'application/json,text/event-stream'));
  const form = operationOf('datasets_upload_csv').requestBody?.content;
  expect(form?.['multipart/form-data']).toMatchObject({
    encoding: { file: { contentType: 'text/csv' } },
  });
});

const streamsOf = (operationId: string) =>
  examplesIn(operationOf(operationId).responses['200']?.content?.['text/event-stream']);

test('an example of a prompt’s stream is one: bare pieces', () => {
  const [text] = streamsOf('prompts_call');
  expect(piecesOf(String(text)).map(({ output }) => output)).toEqual(['bill', 'ing', '']);
});

test('an example of an agent’s stream is one: numbered events, and an end', () => {
  for (const operationId of ['agents_call', 'agents_continue', 'logs_events']) {
    for (const text of streamsOf(operationId)) {
      const events = eventsOf(String(text));
      const numbers = [...String(text).matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
      const first = numbers[0] ?? 0;
      expect(first).toBeGreaterThan(0);
      expect(numbers).toEqual(events.map((_, index) => first + index));
    }
  }
});

test('who has it is told that it is still the same', async () => {
  const first = await api.app.inject('/openapi.json');
  expect(first.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(first.headers['cache-control']).toBe('no-cache');
  expect(first.json()).toEqual(published);
  const etag = String(first.headers['etag']);
  expect(etag).toMatch(/^"[\w-]{43}"$/);
  const asked = (tags: string, method: 'GET' | 'HEAD' = 'GET') =>
    api.app.inject({ method, url: '/openapi.json', headers: { 'if-none-match': tags } });
  for (const tags of [etag, `W/${etag}`, `"another", ${etag}`, '*']) {
    const again = await asked(tags);
    expect(again.statusCode, tags).toBe(304);
    expect(again.body).toBe('');
    expect(again.headers).toMatchObject({ etag, 'cache-control': 'no-cache' });
  }
  expect((await asked(etag, 'HEAD')).statusCode).toBe(304);
  for (const tags of ['"another"', etag.slice(0, -2), '']) {
    const whole = await asked(tags);
    expect(whole.statusCode, tags).toBe(200);
    expect(whole.rawPayload.equals(first.rawPayload)).toBe(true);
  }
  const head = await asked('"another"', 'HEAD');
  expect(head.headers).toMatchObject({ etag, 'content-length': String(first.rawPayload.length) });
  expect(head.body).toBe('');
});

test('a document that could not be made is made at the next request', async () => {
  const app = fastify();
  let isBroken = true;
  app.decorate('swagger', () => {
    if (isBroken) throw new Error('Not now.');
    return api.app.swagger();
  });
  await app.register(openApiRoute);
  expect((await app.inject('/openapi.json')).statusCode).toBe(500);
  isBroken = false;
  expect((await app.inject('/openapi.json')).json()).toEqual(published);
});

test('it is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(published));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(validator.version).toBe('3.1');
});

test('nothing in it is undefined', () => {
  const empty: string[] = [];
  const look = (value: unknown, path: string) => {
    if (value === undefined || value === 'undefined' || value === '[object Object]') {
      empty.push(path);
    }
    // `null` is a value among the words of an enum and in examples, and nowhere else.
    if (value === null && !/\/enum\/\d+$/.test(path)) empty.push(path);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      if (path !== '/components/examples') look(member, `${path}/${key}`);
    }
  };
  look(document.whole, '');
  expect(empty).toEqual([]);
});

test('its schemas are schemas, and every reference leads somewhere', () => {
  for (const { name, operation } of document.routes) {
    for (const [, content] of contentsOf(operation)) {
      for (const media of Object.values(content)) {
        expect(() => document.compile(media?.schema ?? {}), name).not.toThrow();
      }
    }
  }
  const { examples } = document.whole['components'] as { examples: Record<string, object> };
  const named = [...JSON.stringify(document.whole).matchAll(/#\/components\/examples\/(\w+)/g)];
  const used = new Set(named.map(([, name]) => name));
  expect(Object.keys(examples).filter((name) => !used.has(name))).toEqual([]);
});

type Contents = NonNullable<Content['content']>;

/** The bodies of an operation: what is sent, and what is answered with each status. */
function contentsOf({
  requestBody,
  responses,
}: Operation): readonly (readonly [string, Contents])[] {
  const answered = Object.entries(responses).map(
    ([status, { content }]) => [status, content ?? {}] as const,
  );
  return [['request', requestBody?.content ?? {}], ...answered];
}

function operationOf(operationId: string): Operation {
  const route = document.routes.find(({ operation }) => operation.operationId === operationId);
  if (!route) throw new Error(`There is no operation ${operationId}.`);
  return route.operation;
}

function requestExamples(operationId: string): readonly unknown[] {
  const { content } = operationOf(operationId).requestBody ?? {};
  return examplesIn(content?.['application/json']);
}

function answerExamples(operationId: string): readonly unknown[] {
  return examplesIn(operationOf(operationId).responses['200']?.content?.['application/json']);
}

/** Example values, where they stand and where they are referred to. */
function examplesIn(media: Contents[string]): readonly unknown[] {
  const { examples: shared } = document.whole['components'] as {
    examples: Record<string, { value: unknown }>;
  };
  return Object.values(media?.examples ?? {}).map((example) =>
    '$ref' in example
      ? shared[example.$ref.replace('#/components/examples/', '')]?.value
      : example.value,
  );
}
