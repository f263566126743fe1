import { expect, test } from 'vitest';
import { secretBox } from '../../../src/kernel/secret-box.ts';
import { answerTo, callOf, hello, scripted } from '../../support/agents.ts';
import { eventsOf, testApp } from '../../support/app.ts';
import { databaseText } from '../../support/database-text.ts';
import { isReplayed, sendKeyed } from '../../support/keyed-requests.ts';
import { addOrganization } from '../../support/organizations.ts';
import { addSpan, pythonPayload } from '../../support/otel-payloads.ts';
import { expectRefusal, rowCounts, send } from '../../support/refusals.ts';

const api = await testApp();

const upsert = (path: string, model = 'm') => JSON.stringify({ path, model });

test('a request is the same however it is written', async () => {
  const first = { 'idempotency-key': 'same' };
  const written = '{"path":"keys/same","model":"m","temperature":1.0}';
  const { body } = await send(api, 'POST', '/v5/agents', written, first);
  const otherwise = '{ "temperature": 1, "model": "m", "path": "keys/same" }';
  const again = await send(api, 'POST', '/v5/agents/', otherwise, first);
  expect(again).toMatchObject({ statusCode: 200, body });
  expect(isReplayed(again)).toBe(true);
});

test.each([
  ['another body', 'POST', '/v5/agents', upsert('keys/taken', 'n')],
  ['another path', 'POST', '/v5/prompts', upsert('keys/taken')],
  ['another query', 'POST', '/v5/agents/log?version_id=agv_1', upsert('keys/taken')],
] as const)('a key is refused to %s', async (name, method, url, body) => {
  const headers = { 'idempotency-key': `taken by ${name}` };
  await send(api, 'POST', '/v5/agents', upsert('keys/taken'), headers);
  const before = await rowCounts(api);
  const answer = await send(api, method, url, body, headers);
  expectRefusal(answer, 409);
  expect(answer.body.code).toBe('idempotency_key_reused');
  expect(isReplayed(answer)).toBe(false);
  expect(await rowCounts(api)).toEqual(before);
});

test.each([
  ['', 422],
  ['x'.repeat(256), 422],
  ['naïve', 422],
  ['x'.repeat(255), 200],
  [' a key/with: "anything" ', 200],
])('a key has 1 to 255 printable ASCII characters: %j', async (key, status) => {
  const headers = { 'idempotency-key': key };
  const answer = await send(api, 'POST', '/v5/agents', upsert('keys/form'), headers);
  if (status === 200) expect(answer.statusCode).toBe(200);
  else expectRefusal(answer, status, ['header', 'idempotency-key']);
});

test('a request without a key is never a repeat, and reads take none', async () => {
  const headers = { 'idempotency-key': 'read' };
  const before = (await rowCounts(api))['idempotency_key'];
  await send(api, 'POST', '/v5/agents', upsert('keys/none'));
  const again = await send(api, 'POST', '/v5/agents', upsert('keys/none'));
  expect(isReplayed(again)).toBe(false);
  expect((await send(api, 'GET', '/v5/agents', undefined, headers)).statusCode).toBe(200);
  expect((await send(api, 'GET', '/v5/logs/nothing', undefined, headers)).statusCode).toBe(404);
  expect((await rowCounts(api))['idempotency_key']).toBe(before);
});

test('a key is an organization’s own', async () => {
  const their = await addOrganization(api, 'the-key-of-others');
  const headers = { 'idempotency-key': 'of two' };
  const ours = await send(api, 'POST', '/v5/agents', upsert('keys/ours'), headers);
  const theirs = await send(api, 'POST', '/v5/agents', upsert('keys/theirs'), {
    ...headers,
    'x-api-key': their.apiKey,
  });
  expect(theirs).toMatchObject({ statusCode: 200, body: { path: 'keys/theirs' } });
  expect(isReplayed(theirs)).toBe(false);
  const again = await send(api, 'POST', '/v5/agents', upsert('keys/ours'), headers);
  expect(again.body).toEqual(ours.body);
});

test('a key is free again after 24 hours', async () => {
  const log = { path: 'keys/old', agent: { model: 'm' }, output: 'x' };
  const { body: first } = await sendKeyed(api, 'old', 'POST', '/agents/log', log);
  const age = (hours: number) =>
    api.database.pool.query(
      "UPDATE idempotency_key SET created_at = now() - $1 * interval '1 hour' WHERE key = 'old'",
      [hours],
    );
  await age(23.9);
  const { body: kept } = await sendKeyed(api, 'old', 'POST', '/agents/log', log);
  expect(kept).toEqual(first);
  await age(24.1);
  const second = await sendKeyed(api, 'old', 'POST', '/agents/log', log);
  expect(isReplayed(second)).toBe(false);
  expect(second.body.id).not.toBe(first.id);
  const third = await sendKeyed(api, 'old', 'POST', '/agents/log', log);
  expect(third.body).toEqual(second.body);
  await age(24.1);
  const other = await sendKeyed(api, 'old', 'POST', '/agents/log', { ...log, output: 'y' });
  expect(other.statusCode).toBe(200);
});

test('a write that is refused has changed nothing, and leaves its key free', async () => {
  const before = await rowCounts(api);
  const bad = { path: 'keys/refused', agent: { model: 'm' }, trace_parent_id: 'log_of_nobody' };
  const refused = await sendKeyed(api, 'refused', 'POST', '/agents/log', bad);
  expectRefusal(refused, 404);
  expect(await rowCounts(api)).toEqual(before);
  const { trace_parent_id, ...mended } = bad;
  const taken = await sendKeyed(api, 'refused', 'POST', '/agents/log', mended);
  expect(taken.statusCode).toBe(200);
  expect(isReplayed(taken)).toBe(false);
});

test('spans under a key are kept in one commit, without those that are rejected', async () => {
  const url = '/import/otel/v1/traces';
  const span = (output: string, more = {}) =>
    pythonPayload({
      attributes: addSpan({ 'humanloop.log.output': output, ...more }),
      id: Buffer.alloc(8, output),
    });
  const joined = (...payloads: readonly ReturnType<typeof span>[]) => ({
    resourceSpans: payloads.flatMap(({ resourceSpans }) => resourceSpans),
  });
  const [known, added] = [span('known'), span('added')];
  const orphan = span('orphan', { 'humanloop.log.trace_parent_id': 'log_of_nobody' });
  const { body: first } = await api.post(url, known);
  const before = await rowCounts(api);
  const taken = await sendKeyed(api, 'spans', 'POST', url, joined(orphan, known, added));
  expect(taken.body).toMatchObject({
    records: [first.records[0], expect.stringMatching(/^log_/)],
    partialSuccess: { rejectedSpans: 1 },
  });
  expect((await rowCounts(api))['log']).toBe((before['log'] ?? 0) + 1);
  const again = await sendKeyed(api, 'spans', 'POST', url, joined(orphan, known, added));
  expect(again.body).toEqual(taken.body);
  expect(isReplayed(again)).toBe(true);
});

test('a call that is refused leaves its key free for a mended one', async () => {
  const agent = scripted([{ content: 'Well.' }], { template: 'For {{who}}' });
  const call = { path: 'keys/call refused', agent };
  const before = await rowCounts(api);
  expectRefusal(await sendKeyed(api, 'mended', 'POST', '/agents/call', call), 422);
  expect({ ...(await rowCounts(api)), idempotency_key: 0 }).toEqual({
    ...before,
    idempotency_key: 0,
  });
  const mended = { ...call, inputs: { who: 'you' } };
  const { statusCode, body } = await sendKeyed(api, 'mended', 'POST', '/agents/call', mended);
  expect({ statusCode, output: body.output }).toEqual({ statusCode: 200, output: 'Well.' });
  const again = await sendKeyed(api, 'mended', 'POST', '/agents/call', mended);
  expect(again.body).toEqual(body);
});

test('a call that its provider failed is not run again: a repeat has the same failure', async () => {
  const agent = scripted([{ error: { status: 400, message: 'Too long.' } }, { content: 'x' }]);
  const call = { path: 'keys/failed', agent, messages: hello };
  const failed = await sendKeyed(api, 'failed', 'POST', '/agents/call', call);
  expect(failed.statusCode).toBe(422);
  const again = await sendKeyed(api, 'failed', 'POST', '/agents/call', call);
  expect(again.statusCode).toBe(422);
  expect(isReplayed(again)).toBe(true);
  expect({ ...again.body, request_id: '' }).toEqual({ ...failed.body, request_id: '' });
  expect(again.body.request_id).toBe(again.headers['x-request-id']);
  const { body: file } = await api.post('/files/retrieve-by-path', { path: 'keys/failed' });
  expect((await api.get(`/logs?file_id=${file.id}`)).body.total).toBe(1);
});

test('a repeat has the first answer, though the log has changed since', async () => {
  const call = {
    path: 'keys/continued',
    agent: scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]),
    messages: hello,
  };
  const suspended = await sendKeyed(api, 'changed', 'POST', '/agents/call', call);
  const answer = { log_id: suspended.body.id, messages: [answerTo('call_1_1', '42')] };
  const done = await sendKeyed(api, 'continued', 'POST', '/agents/continue', answer);
  expect(done.body).toMatchObject({ id: suspended.body.id, output: 'Done.' });
  await api.patch(`/agents/${suspended.body.agent.id}/log/${suspended.body.id}`, {
    output: 'Edited.',
  });

  const again = await sendKeyed(api, 'changed', 'POST', '/agents/call', call);
  expect(again.body).toEqual(suspended.body);
  const continued = await sendKeyed(api, 'continued', 'POST', '/agents/continue', answer);
  expect(continued.body).toEqual(done.body);
  const withoutKey = await api.post('/agents/continue', answer);
  expectRefusal(withoutKey, 409);
});

test('a call that is answered before it ends is answered so again', async () => {
  const call = { path: 'keys/later', agent: scripted([{ content: 'Later.' }]), messages: hello };
  const headers = { 'idempotency-key': 'later', prefer: 'respond-async' };
  const post = () => send(api, 'POST', '/v5/agents/call', JSON.stringify(call), headers);
  const first = await post();
  expect(first.statusCode).toBe(202);
  await expect
    .poll(async () => (await api.get(`/logs/${first.body.id}`)).body.output)
    .toBe('Later.');
  const again = await post();
  expect(again).toMatchObject({ statusCode: 202, body: first.body });
  expect(again.headers['location']).toBe(`/v5/logs/${first.body.id}`);
});

test('answers are kept encrypted: nothing of a run that is not to be saved can be read', async () => {
  const secret = 'words-that-nobody-may-keep';
  const call = {
    path: 'keys/unsaved',
    agent: scripted([{ content: 'Yes.' }]),
    messages: [{ role: 'user', content: secret }],
    save: false,
  };
  const first = await sendKeyed(api, 'unsaved', 'POST', '/agents/call', call);
  expect(JSON.stringify(first.body)).toContain(secret);
  const { body: tool } = await api.post('/tools', { path: 'keys/tool' });
  const variables = [{ name: 'PIN', value: '7391-variable' }];
  const url = `/tools/${tool.id}/environment-variables`;
  await sendKeyed(api, 'variables', 'POST', url, variables);

  const dump = await databaseText(api.database);
  for (const text of [secret, '7391-variable']) {
    expect(dump).not.toContain(text);
    expect(dump).not.toContain(Buffer.from(text).toString('hex'));
  }
  expect((await sendKeyed(api, 'unsaved', 'POST', '/agents/call', call)).body).toEqual(first.body);
  const again = await sendKeyed(api, 'variables', 'POST', url, variables);
  expect(again.body).toEqual(variables);
});

test('keys outlive a change of the secret that they are encrypted with', async () => {
  const { body } = await sendKeyed(api, 'rotated', 'POST', '/agents', { path: 'r', model: 'm' });
  const secrets = secretBox(Buffer.alloc(32, 8), Buffer.alloc(32, 7));
  const after = await testApp({ database: api.database, secrets });
  const again = await sendKeyed(after, 'rotated', 'POST', '/agents', { path: 'r', model: 'm' });
  expect(again).toMatchObject({ statusCode: 200, body });
});

test('a log whose id is taken by an equal request is found, in the middle of other writes', async () => {
  const log = { path: 'keys/taken id', agent: { model: 'm' }, log_id: 'taken-id', output: 'x' };
  const { body } = await api.post('/agents/log', log);
  const again = await sendKeyed(api, 'taken id', 'POST', '/agents/log', log);
  expect(again).toMatchObject({ statusCode: 200, body });
  const other = { ...log, output: 'y' };
  const refused = await sendKeyed(api, 'taken id too', 'POST', '/agents/log', other);
  expectRefusal(refused, 409);
  expect(refused.body.code).toBe('log_id_taken');
});

test('a repeat finds its run, though the same could not be begun any more', async () => {
  const path = 'keys/redeployed';
  const { body: first } = await api.post('/agents', { path, ...scripted([{ content: 'Done.' }]) });
  const call = { path, messages: hello };
  const plain = await api.post('/agents/call', { ...call, log_id: 'redeployed' });
  const streamed = { ...call, stream: true };
  const stream = await sendKeyed(api, 'redeployed', 'POST', '/agents/call', streamed);
  const needy = { path, provider: 'mock', model: 'mock', template: 'For {{who}}' };
  const { body: second } = await api.post('/agents', needy);
  const [environment] = first.environments;
  await api.post(
    `/agents/${first.id}/environments/${environment.id}?version_id=${second.version_id}`,
  );

  expectRefusal(await api.post('/agents/call', call), 422);
  const again = await api.post('/agents/call', { ...call, log_id: 'redeployed' });
  expect(again).toMatchObject({ statusCode: 200, body: { id: plain.body.id, output: 'Done.' } });
  const streamedAgain = await sendKeyed(api, 'redeployed', 'POST', '/agents/call', streamed);
  expect(idsOf(streamedAgain.body)).toEqual(idsOf(stream.body));
});

function idsOf(stream: string): unknown {
  return eventsOf(stream).map(({ id, type, log_id }) => ({ id, type, log_id }));
}
