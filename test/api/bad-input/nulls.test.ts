import { describe, expect, test } from 'vitest';
import { datasetUpsert } from '../../../src/contract/kinds/dataset.ts';
import type { FileType } from '../../../src/contract/kinds/index.ts';
import type { FileKind } from '../../../src/files/kind.ts';
import { fileKinds } from '../../../src/files/kinds/index.ts';
import { hello, scripted } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import { fileOfKind } from '../../support/files.ts';
import { type Place, placesIn, type Schema, typesOf } from '../../support/schema-places.ts';

// The Python SDK sends every argument that its caller passes as None.

const api = await testApp();

const linked = (await api.post('/agents', { path: 'nulls/linked', model: 'm' })).body;

const placesOf = (schema: unknown) =>
  placesIn(schema as Schema).filter(
    ({ schema, isRequired }) => !isRequired && typesOf(schema)?.has('null'),
  );

/** An example of a spec: what it links to is there, and not in two versions; its names differ. */
function spec(place: Place, value: unknown): Record<string, unknown> {
  let count = 0;
  return JSON.parse(JSON.stringify(place.with(value)), (key, member) => {
    if (key === 'json_schema' && member?.description) return { ...member, name: `tool_${count++}` };
    if (key === 'link') return { ...member, file_id: linked.id, ...oneOfBoth(member) };
    if (key === 'server') return { ...member, url: 'https://example.com/mcp' };
    if (key === 'linked_tools') return undefined;
    if (['tools', 'options'].includes(key) && member?.[0]?.name) {
      return member.map((named: object) => ({ ...named, name: `name_${count++}` }));
    }
    return member;
  });
}

function oneOfBoth(link: Record<string, unknown>) {
  const environment = linked.environments[0].id;
  if (link['version_id'] === 'text') return { version_id: linked.version_id, environment_id: null };
  return link['environment_id'] === 'text' ? { environment_id: environment } : {};
}

describe.each(fileKinds)('in a spec of a $type', ({ type, collection, spec: own }) => {
  const schema = type === 'dataset' ? datasetUpsert : own;
  const named = ['path', 'id', 'version_name', 'version_description', 'description', 'readme'];
  const places = placesOf(schema).filter(({ loc: [field] }) => !named.includes(String(field)));

  test('null defines the same version as nothing, at every depth', async () => {
    const differing: string[] = [];
    for (const place of places) {
      const path = `nulls/${type}/${place.loc.join('.')}`;
      const upsert = async (value: null | undefined) => {
        const body = { ...spec(place, value), ...named.reduce(withNull, {}), path };
        const answer = await api.post(`/${collection}`, body);
        expect(answer.statusCode, `${path} ${JSON.stringify(answer.body)}`).toBe(200);
        return answer.body.version_id;
      };
      if ((await upsert(undefined)) !== (await upsert(null))) differing.push(place.loc.join('.'));
    }
    expect(differing).toEqual([]);
  });
});

function withNull(fields: Record<string, unknown>, name: string) {
  return { ...fields, [name]: null };
}

/** A log's answer, without what differs between any two. */
function comparable({ id, log_id, trace_id, agent, ...rest }: Record<string, unknown>): unknown {
  const text = JSON.stringify(rest, (key, value) => {
    // Counters of use follow a second late.
    if (/_logs_count$/.test(key)) return 'a count';
    return /_at$|_time$|latency/.test(key) && typeof value === 'string' ? 'a moment' : value;
  });
  return { ...JSON.parse(text), provider_latency: null };
}

/** All fields that a body may have, set to null, but for those it has. */
function withNulls(body: Record<string, unknown>, names: readonly string[]) {
  return { ...Object.fromEntries(names.map((name) => [name, null])), ...body };
}

const traceFields = [
  ...['path', 'id', 'messages', 'tool_choice', 'agent', 'inputs', 'source', 'metadata'],
  ...['start_time', 'end_time', 'log_status', 'source_datapoint_id', 'trace_parent_id', 'user'],
  ...['environment', 'save', 'log_id'],
];

test('in a call and a continue, null is the same as nothing', async () => {
  const script = [{ tool_calls: [{ name: 'lookup' }] }, { content: 'Done.' }];
  await api.post('/agents', { path: 'nulls/called', ...scripted(script) });
  const call = { path: 'nulls/called', messages: hello };
  const options = ['stream', 'provider_api_keys', 'include_trace_children'];
  const plain = await api.post('/agents/call', call);
  const nulls = await api.post(
    '/agents/call',
    withNulls({ ...call, provider_api_keys: { openai: null, mock: null } }, [
      ...traceFields,
      ...options,
      'return_inputs',
    ]),
  );
  expect(nulls.statusCode).toBe(200);
  expect(comparable(nulls.body)).toEqual(comparable(plain.body));

  const answerTo = (log: Record<string, never>) => ({
    log_id: log['id'],
    messages: [{ role: 'tool', tool_call_id: 'call_1_1', content: '42' }],
  });
  const plainly = await api.post('/agents/continue', answerTo(plain.body));
  const withNull = await api.post('/agents/continue', withNulls(answerTo(nulls.body), options));
  expect(withNull.statusCode).toBe(200);
  expect(comparable(withNull.body)).toEqual(comparable(plainly.body));
});

/** Kinds that have logs, by what is sent to make and to change one. */
const logged = (fileKinds as readonly FileKind[]).flatMap((kind) =>
  kind.log ? [{ type: kind.type, collection: kind.collection, log: kind.log }] : [],
);

test.each(logged)(
  'in a log of a $type, and in what changes one, null is the same as nothing',
  async ({ type, collection, log: { request, update } }) => {
    const { id } = await fileOfKind(api, type as FileType, `nulls/logged ${type}`);
    const { id: judged } = (await api.post('/agents/log', { id: linked.id })).body;
    const own = { id, ...('parent_id' in request.properties ? { parent_id: judged } : {}) };
    const made = async (body: object) => (await api.post(`/${collection}/log`, body)).body.id;
    const read = async (log: string) => comparable((await api.get(`/logs/${log}`)).body);
    const plain = await made(own);
    const nulls = await made(withNulls(own, Object.keys(request.properties)));
    expect(await read(nulls)).toEqual(await read(plain));

    if (!update) return;
    const url = type === 'flow' ? `/flows/logs/${nulls}` : `/${collection}/${id}/log/${nulls}`;
    const changed = await api.patch(url, withNulls({}, Object.keys(update.properties)));
    expect(changed.statusCode, JSON.stringify(changed.body)).toBe(200);
    expect(await read(nulls)).toEqual(await read(plain));
  },
);

test('of a log’s output and error, null clears what was there', async () => {
  const log = { path: 'nulls/linked', output: 'x', error: 'y' };
  const { body } = await api.post('/agents/log', log);
  const url = `/agents/${body.agent_id}/log/${body.id}`;
  expect((await api.patch(url, { output: null })).body).toMatchObject({ output: null, error: 'y' });
  expect((await api.patch(url, { error: null })).body).toMatchObject({ output: null, error: null });
});
