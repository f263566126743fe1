import { expect, test } from 'vitest';
import { agentSpec } from '../../../src/contract/kinds/agent.ts';
import { hello, scripted } from '../../agents.ts';
import { testApp } from '../../app.ts';
import { type Place, placesIn, type Schema, typesOf } from '../../schema-places.ts';

// The Python SDK sends every argument that its caller passes as None.

const api = await testApp();

const linked = (await api.post('/agents', { path: 'nulls/linked', model: 'm' })).body;

const placesOf = (schema: unknown) =>
  placesIn(schema as Schema).filter(
    ({ schema, isRequired }) => !isRequired && typesOf(schema)?.has('null'),
  );

/** An example of a spec: its link leads somewhere, and not to two versions; its tools differ. */
function spec(place: Place, value: unknown): Record<string, unknown> {
  let count = 0;
  return JSON.parse(JSON.stringify(place.with(value)), (key, member) => {
    if (key === 'json_schema' && member?.description) return { ...member, name: `tool_${count++}` };
    if (key === 'link') return { ...member, file_id: linked.id, ...oneOfBoth(member) };
    return member;
  });
}

function oneOfBoth(link: Record<string, unknown>) {
  const environment = linked.environments[0].id;
  if (link['version_id'] === 'text') return { version_id: linked.version_id, environment_id: null };
  return link['environment_id'] === 'text' ? { environment_id: environment } : {};
}

test('in a spec, null defines the same version as nothing, at every depth', async () => {
  const differing: string[] = [];
  for (const place of placesOf(agentSpec)) {
    const path = `nulls/${place.loc.join('.')}`;
    const without = await api.post('/agents', { path, ...spec(place, undefined) });
    const withNull = await api.post('/agents', { path, ...spec(place, null) });
    expect(without.statusCode, JSON.stringify(without.body)).toBe(200);
    expect(withNull.statusCode, JSON.stringify(withNull.body)).toBe(200);
    if (without.body.version_id !== withNull.body.version_id) differing.push(place.loc.join('.'));
  }
  expect(differing).toEqual([]);
});

/** A log's answer, without what differs between any two. */
function comparable({ id, log_id, trace_id, agent, ...rest }: Record<string, unknown>): unknown {
  const text = JSON.stringify(rest, (key, value) =>
    /_at$|_time$|latency/.test(key) && typeof value === 'string' ? 'a moment' : value,
  );
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

test('in a log, and in what changes one, null is the same as nothing', async () => {
  const path = 'nulls/logged';
  await api.post('/agents', { path, model: 'm' });
  const own = ['run_id', 'output_message', 'output', 'error', 'prompt_tokens', 'reasoning_tokens'];
  const measures = ['output_tokens', 'prompt_cost', 'output_cost', 'finish_reason', 'created_at'];
  const raw = ['provider_latency', 'stdout', 'provider_request', 'provider_response'];
  const plain = (await api.post('/agents/log', { path })).body;
  const body = withNulls({ path }, [...traceFields, ...own, ...measures, ...raw]);
  const nulls = (await api.post('/agents/log', body)).body;
  const read = async (id: string) => comparable((await api.get(`/logs/${id}`)).body);
  expect(await read(nulls.id)).toEqual(await read(plain.id));

  const change = { messages: null, output_message: null, inputs: null, log_status: null };
  const changed = await api.patch(`/agents/${nulls.agent_id}/log/${nulls.id}`, change);
  expect(changed.statusCode).toBe(200);
  expect(await read(nulls.id)).toEqual(await read(plain.id));
});

test('of a log’s output and error, null clears what was there', async () => {
  const log = { path: 'nulls/logged', output: 'x', error: 'y' };
  const { body } = await api.post('/agents/log', log);
  const url = `/agents/${body.agent_id}/log/${body.id}`;
  expect((await api.patch(url, { output: null })).body).toMatchObject({ output: null, error: 'y' });
  expect((await api.patch(url, { error: null })).body).toMatchObject({ output: null, error: null });
});
