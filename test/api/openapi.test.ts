import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { callOf, hello, scripted } from '../agents.ts';
import { testApp } from '../app.ts';

const api = await testApp();
const { body: document } = await api.app
  .inject('/openapi.json')
  .then((response) => ({ body: response.json() }));

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      path,
      method,
      operation,
    })),
);

function ajv() {
  return addFormats.default(new Ajv2020({ strict: false, discriminator: true, allErrors: true }));
}

test('every route is described, and every route that is described is there', () => {
  expect(operations.map(({ route }) => route).sort()).toEqual([
    'DELETE /v5/agents/{id}',
    'DELETE /v5/agents/{id}/environments/{environment_id}',
    'DELETE /v5/agents/{id}/versions/{version_id}',
    'DELETE /v5/logs',
    'GET /v5/agents',
    'GET /v5/agents/{id}',
    'GET /v5/agents/{id}/environments',
    'GET /v5/agents/{id}/serialize',
    'GET /v5/agents/{id}/versions',
    'GET /v5/logs',
    'GET /v5/logs/{id}',
    'PATCH /v5/agents/{id}',
    'PATCH /v5/agents/{id}/log/{log_id}',
    'PATCH /v5/agents/{id}/versions/{version_id}',
    'POST /v5/agents',
    'POST /v5/agents/call',
    'POST /v5/agents/continue',
    'POST /v5/agents/deserialize',
    'POST /v5/agents/log',
    'POST /v5/agents/{id}/environments/{environment_id}',
  ]);
  for (const { path, method } of operations) {
    const url = path.replaceAll(/\{(\w+)\}/g, ':$1');
    const routes = [url, `${url}/`].map((at) => api.app.hasRoute({ method, url: at }));
    expect(routes, url).toContain(true);
  }
});

test('an operation has a name of its own, its parameters, its answer and its refusal', () => {
  const names = operations.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { route, path, operation } of operations) {
    const given = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(given.map(({ name }) => name).sort(), route).toEqual(inPath.sort());
    expect(operation.tags, route).toHaveLength(1);
    expect(operation.operationId, route).toMatch(/^[a-z]+_[a-z_]+$/);
    expect(Object.keys(operation.responses), route).toEqual(expect.arrayContaining(['422', '4XX']));
    expect(Object.keys(operation.responses).some((status) => /^20\d$/.test(status))).toBe(true);
  }
});

test('nothing in it is undefined, and its schemas are schemas', () => {
  const empty: string[] = [];
  const look = (value: unknown, path: string) => {
    if (value === undefined || value === 'undefined' || value === '[object Object]') {
      empty.push(path);
    }
    // `null` is a value among the words of an enum, and nowhere else.
    if (value === null && !/\/enum\/\d+$/.test(path)) empty.push(path);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) look(member, `${path}/${key}`);
  };
  look(document, '');
  expect(empty).toEqual([]);
  expect(JSON.stringify(document)).not.toContain('$ref');
  for (const { route, operation } of operations) {
    for (const { content } of [
      operation.requestBody ?? {},
      ...Object.values(operation.responses),
    ]) {
      for (const { schema } of Object.values(content ?? {})) {
        expect(ajv().validateSchema(schema), route).toBe(true);
      }
    }
  }
});

/** What is wrong with a body, held against the answer that the document promises. */
function flawsIn(route: string, status: number, body: unknown): unknown {
  const found = operations.find((operation) => operation.route === route);
  const responses = found?.operation.responses ?? {};
  const response = responses[status] ?? responses[`${String(status)[0]}XX`];
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  const schema = response?.content?.[type]?.schema;
  if (!schema) return `${route} promises nothing for ${status}.`;
  const validate = ajv().compile(schema);
  return validate(body) ? [] : validate.errors?.map((e) => `${e.instancePath} ${e.message}`);
}

test('answers are what it promises', async () => {
  const spec = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]);
  const agent = await api.post('/agents', { path: 'openapi/agent', template: 'Hi {{x}}', ...spec });
  const { id } = agent.body;
  const call = { id, messages: hello, inputs: { x: 1 }, user: 'ada' };
  const called = await api.post('/agents/call', call);
  const log_id = called.body.id;
  const [{ id: tool_call_id }] = called.body.previous_agent_message.tool_calls;
  const messages = [{ role: 'tool', tool_call_id, content: '42' }];
  const text = await api.get(`/agents/${id}/serialize`);
  const answers = {
    'POST /v5/agents': agent,
    'POST /v5/agents/call': called,
    'POST /v5/agents/continue': await api.post('/agents/continue', { log_id, messages }),
    'POST /v5/agents/deserialize': await api.post('/agents/deserialize', { agent: text.body }),
    'POST /v5/agents/log': await api.post('/agents/log', { id }),
    'GET /v5/agents': await api.get('/agents'),
    'GET /v5/agents/{id}': await api.get(`/agents/${id}`),
    'GET /v5/agents/{id}/serialize': text,
    'GET /v5/agents/{id}/versions': await api.get(`/agents/${id}/versions`),
    'GET /v5/logs': await api.get(`/logs?file_id=${id}&include_trace_children=true`),
    'GET /v5/logs/{id}': await api.get(`/logs/${log_id}`),
    'PATCH /v5/agents/{id}/log/{log_id}': await api.patch(`/agents/${id}/log/${log_id}`, {}),
  };
  for (const [route, { statusCode, body }] of Object.entries(answers)) {
    expect(flawsIn(route, statusCode, body), route).toEqual([]);
  }
  const route = 'POST /v5/agents/call';
  const misfit = await api.post('/agents/call', { id: 5 });
  expect(flawsIn(route, misfit.statusCode, misfit.body)).toEqual([]);
  const keyless = await api.post('/agents/call', { ...call, agent: { model: 'm' }, id: null });
  expect(flawsIn(route, keyless.statusCode, keyless.body)).toEqual([]);
  const missing = await api.post('/agents/call', { ...call, id: 'ag_none' });
  expect(flawsIn(route, missing.statusCode, missing.body)).toEqual([]);
});
