import { expect, test } from 'vitest';
import { fileKinds } from '../../src/files/kinds/index.ts';
import { documentOf } from '../answer-check.ts';
import { testApp } from '../app.ts';

const api = await testApp();
const document = documentOf(api.app);

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
    'GET /{id}/serialize',
    'POST /deserialize',
  ],
  prompts: [
    'POST /call',
    'POST /log',
    'PATCH /{id}/log/{log_id}',
    'POST /{id}/evaluators',
    'POST /{id}/populate',
    'GET /{id}/serialize',
    'POST /deserialize',
  ],
  tools: [
    'POST /log',
    'PATCH /{id}/log/{log_id}',
    'POST /{id}/evaluators',
    'GET /{id}/environment-variables',
    'POST /{id}/environment-variables',
    'DELETE /{id}/environment-variables/{name}',
  ],
  flows: ['POST /log', 'PATCH /logs/{log_id}', 'POST /{id}/evaluators'],
  evaluators: ['POST /log', 'POST /{id}/evaluators'],
  datasets: ['GET /{id}/datapoints', 'POST /{id}/datapoints/csv'],
};

const ofTheirOwn = [
  'GET /v5/directories',
  'POST /v5/directories',
  'GET /v5/directories/{id}',
  'PATCH /v5/directories/{id}',
  'DELETE /v5/directories/{id}',
  'GET /v5/files',
  'POST /v5/files/retrieve-by-path',
  'POST /v5/import/otel/v1/traces',
  'GET /v5/logs',
  'GET /v5/logs/{id}',
  'DELETE /v5/logs',
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

test('nothing in it is undefined', () => {
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
  look(document.whole, '');
  expect(empty).toEqual([]);
});

test('its schemas are schemas, and every reference leads somewhere', () => {
  for (const { name, operation } of document.routes) {
    const contents = [operation.requestBody ?? {}, ...Object.values(operation.responses)];
    for (const { content } of contents) {
      for (const media of Object.values(content ?? {})) {
        expect(() => document.compile(media?.schema ?? {}), name).not.toThrow();
      }
    }
  }
});
