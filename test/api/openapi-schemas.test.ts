import { describe, expect, test } from 'vitest';
import { documentOf } from '../support/answer-check.ts';
import { testApp } from '../support/app.ts';
import { expectRefusal, send } from '../support/refusals.ts';

const api = await testApp();
const document = documentOf((await send(api, 'GET', '/openapi.json')).body);

type Node = Readonly<Record<string, unknown>>;

/** Every object of the document but its examples, with its place: `/components/schemas/Problem`. */
const nodes = nodesIn({ ...document.whole, components: without('examples') });

function without(name: string): Node {
  const { [name]: _, ...rest } = document.whole['components'] as Node;
  return rest;
}

function nodesIn(value: unknown, place = ''): readonly (readonly [place: string, node: Node])[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value)
    .filter(([key]) => key !== 'examples')
    .flatMap(([key, member]) => nodesIn(member, `${place}/${key}`));
  return Array.isArray(value) ? below : [[place, value as Node], ...below];
}

const typesOf = ({ type }: Node) => [type].flat();

function resolved(node: Node): Node {
  const { $ref } = node;
  if (typeof $ref !== 'string') return node;
  const steps = $ref.replace(/^#\//, '').split('/');
  const found = steps.reduce<unknown>(
    (at, step) => (at as Node | undefined)?.[step],
    document.whole,
  );
  expect(found, $ref).toBeTypeOf('object');
  return resolved(found as Node);
}

test('a list says what is in it', () => {
  const lists = nodes.filter(([, node]) => typesOf(node).includes('array'));
  expect(lists.length).toBeGreaterThan(20);
  expect(lists.filter(([, node]) => !('items' in node)).map(([place]) => place)).toEqual([]);
});

test('a time says that it is one, in the words of JSON Schema', () => {
  const named = /_at$|_time$|_date$/;
  const places = nodes.filter(([place]) => named.test(place) && /\/properties\/\w+$/.test(place));
  const parameters = nodes.filter(
    ([, node]) => typeof node['in'] === 'string' && named.test(String(node['name'])),
  );
  const times = [
    ...places,
    ...parameters.map(([place, { schema }]) => [place, schema as Node] as const),
  ];
  expect(times.length).toBeGreaterThan(40);
  const untold = times.filter(
    ([, node]) => !typesOf(node).includes('string') || node['format'] !== 'date-time',
  );
  expect(untold.map(([place]) => place)).toEqual([]);
  const formats = nodes.flatMap(([, { format }]) => (typeof format === 'string' ? [format] : []));
  expect([...new Set(formats)].toSorted()).toEqual(['binary', 'date-time']);
});

test('a union that is told apart by a property names its members, and each has its own word', () => {
  const unions = nodes.filter(([, node]) => typeof node['discriminator'] === 'object');
  expect(unions.length).toBeGreaterThan(8);
  for (const [place, node] of unions) {
    const { propertyName, mapping } = node['discriminator'] as {
      readonly propertyName: string;
      readonly mapping: Readonly<Record<string, string>>;
    };
    const members = node['oneOf'] as readonly { readonly $ref: string }[];
    expect(Object.values(mapping).toSorted(), place).toEqual(
      members.map(({ $ref }) => $ref).toSorted(),
    );
    for (const [word, $ref] of Object.entries(mapping)) {
      expect($ref, place).toMatch(/^#\/components\/schemas\/[A-Z]\w+$/);
      const { required, properties } = resolved({ $ref });
      expect(required, `${place} ${word}`).toContain(propertyName);
      const tag = (properties as Readonly<Record<string, Node>>)[propertyName];
      expect(tag, `${place} ${word}`).toEqual({ type: 'string', enum: [word] });
    }
  }
});

test('files of all kinds are told apart by their type', () => {
  const { FileResponse } = (document.whole['components'] as { schemas: Record<string, Node> })
    .schemas;
  expect(FileResponse?.['discriminator']).toMatchObject({
    propertyName: 'type',
    mapping: { agent: '#/components/schemas/AgentResponse' },
  });
});

test('every reference leads somewhere', () => {
  const references = nodes.filter(([, node]) => typeof node['$ref'] === 'string');
  expect(references.length).toBeGreaterThan(500);
  for (const [, node] of references) resolved(node);
  const { schemas } = document.whole['components'] as { schemas: Node };
  const used = new Set(references.map(([, node]) => String(node['$ref']).split('/').at(-1)));
  expect(Object.keys(schemas).filter((name) => !used.has(name))).toEqual([]);
});

test('it has no words but those of OpenAPI', () => {
  const own = nodes.filter(
    ([, node]) => 'checkedByCode' in node || typeof node['title'] === 'string',
  );
  expect(own.map(([place]) => place)).toEqual(['/info']);
});

const spec = {
  evaluator_type: 'external',
  arguments_type: 'target_free',
  return_type: 'boolean',
};

/** What each kind needs beside its place. */
const upserts: Readonly<Record<string, object>> = {
  agents: { model: 'm' },
  prompts: { model: 'm' },
  tools: {},
  flows: { attributes: {} },
  evaluators: { spec },
  datasets: { datapoints: [] },
};

const nowhere = [{}, { id: null }, { id: '' }, { path: null }, { path: null, id: '' }];
const noPaths = ['', ' ', '/a', 'a/', 'a//b', 'a/ /b', `${'a/'.repeat(64)}b`];
const places = [...nowhere, ...noPaths.map((path) => ({ path }))];
const noNames = ['', ' ', 'a/b'];
const tool = (fields: object) => ({ path: 'ruled/agent', model: 'm', tools: [fields] });
const server = (fields: object) => ({
  ...tool({ type: 'mcp', server: { url: 'https://example.com', ...fields } }),
});

/** Bodies that code refuses and not the validator, by the routes that refuse them. */
const ruledOut: Readonly<Record<string, readonly object[]>> = {
  ...Object.fromEntries(
    Object.entries(upserts).map(([collection, upsert]) => [
      `POST /v5/${collection}`,
      places.map((place) => ({ ...upsert, ...place })),
    ]),
  ),
  ...Object.fromEntries(
    ['agents', 'prompts', 'tools', 'flows'].map((name) => [`POST /v5/${name}/log`, places]),
  ),
  'POST /v5/evaluators/log': places.map((place) => ({ ...place, parent_id: 'log_1' })),
  ...Object.fromEntries(
    ['agents', 'prompts', 'tools'].map((name) => [`POST /v5/${name}/call`, places]),
  ),
  ...Object.fromEntries(
    Object.keys(upserts).map((name) => [
      `PATCH /v5/${name}/{id}`,
      [
        { path: 'a', name: 'b' },
        { path: 'a', directory_id: 'dir_1' },
        ...noPaths.map((path) => ({ path })),
        ...noNames.map((name) => ({ name })),
      ],
    ]),
  ),
  'POST /v5/directories': [
    {},
    { parent_id: 'dir_1' },
    { path: 'a', name: 'b' },
    { path: 'a', parent_id: 'dir_1' },
    ...noPaths.map((path) => ({ path })),
    ...noNames.map((name) => ({ name })),
  ],
  'PATCH /v5/directories/{id}': [
    { path: 'a', name: 'b' },
    { path: 'a', parent_id: 'dir_1' },
    ...noPaths.map((path) => ({ path })),
    ...noNames.map((name) => ({ name })),
  ],
  'POST /v5/files/retrieve-by-path': noPaths.map((path) => ({ path })),
  'POST /v5/provider-keys': [
    { provider: 'openai', api_key: 'a key' },
    { provider: 'openai', api_key: 'clé' },
    { provider: 'openai', api_key: 'key', endpoint: 'https://example.com' },
  ],
};

/** Those that only an agent has, and a log. */
const alsoRuledOut: Readonly<Record<string, readonly object[]>> = {
  'POST /v5/agents': [
    tool({ type: 'file', link: { file_id: 'a', version_id: 'b', environment_id: 'c' } }),
    server({ url: 'ftp://example.com' }),
    server({ headers: { 'a b': 'c' } }),
    server({ headers: { a: 'b ' } }),
    server({ headers: { a: 'é' } }),
  ],
  ...Object.fromEntries(
    [
      'agents/{id}/log/{log_id}',
      'prompts/{id}/log/{log_id}',
      'tools/{id}/log/{log_id}',
      'flows/logs/{log_id}',
    ].map((path) => [
      `PATCH /v5/${path}`,
      [
        { output: 'a', error: 'b' },
        { output: '', error: '' },
      ],
    ]),
  ),
};

describe.each(
  [...Object.entries(ruledOut), ...Object.entries(alsoRuledOut)].map(([name, bodies]) => ({
    name,
    bodies,
  })),
)('$name', ({ name, bodies }) => {
  test('says in its schema what code refuses', async () => {
    const route = document.routes.find((route) => route.name === name);
    const schema = route?.operation.requestBody?.content?.['application/json']?.schema ?? {};
    const fits = document.compile(schema);
    for (const body of bodies) {
      const url = await urlOf(String(route?.path));
      const text = JSON.stringify(body);
      expectRefusal(await send(api, route?.method as 'POST', url, text), 422);
      expect(fits(body), text).toBe(false);
    }
  });
});

const ids = new Map<string, Promise<{ id: string; log?: string }>>();

/** The address of a file or directory that is there, and of a log of it. */
async function urlOf(path: string): Promise<string> {
  const [, , collection = ''] = path.split('/');
  if (!path.includes('{')) return path;
  const made = ids.get(collection) ?? make(collection);
  ids.set(collection, made);
  const { id, log = '' } = await made;
  return path.replace('{id}', id).replace('{log_id}', log);
}

async function make(collection: string) {
  const { body } = await api.post(`/${collection}`, {
    ...upserts[collection],
    path: `ruled/${collection}`,
  });
  if (!['agents', 'prompts', 'tools', 'flows'].includes(collection)) return { id: body.id };
  const log = await api.post(`/${collection}/log`, { id: body.id });
  return { id: body.id, log: log.body.id };
}
