import { expect, test, vi } from 'vitest';
import { fingerprint } from '../../../src/kernel/fingerprint.ts';
import { answerTo, callOf, hello, scripted } from '../../support/agents.ts';
import { type Answer, eventsOf, piecesOf, testApp } from '../../support/app.ts';
import { agentVersions, environmentIds } from '../../support/files.ts';
import { isReplayed, sendKeyed, withoutCounters } from '../../support/keyed-requests.ts';
import { logAgent } from '../../support/logs.ts';
import { send } from '../../support/refusals.ts';

// A hundred equal requests at once, on two servers: one effect, one answer.

const one = await testApp();
const other = await testApp({ database: one.database });
const times = 100;

/** Sends a request a hundred times at once; expects all of them to be answered alike. */
async function together(request: (api: typeof one) => Promise<Answer>): Promise<Answer> {
  const sent = Array.from({ length: times }, (_, index) => request(index % 2 === 0 ? one : other));
  const answers = await Promise.all(sent);
  const [first] = answers as [Answer];
  expect(first.statusCode, JSON.stringify(first.body)).toBeLessThan(300);
  for (const { statusCode, body } of answers) {
    expect(statusCode, JSON.stringify(body)).toBe(first.statusCode);
    expect(withoutCounters(body)).toEqual(withoutCounters(first.body));
  }
  return first;
}

const keyOf = (method: string, url: string, body?: unknown) => fingerprint({ method, url, body });

/** The same with one `Idempotency-Key`: all but one are told that they are repeats. */
async function withKey(
  method: 'POST' | 'PATCH' | 'DELETE',
  url: string,
  body?: unknown,
): Promise<Answer> {
  const key = keyOf(method, url, body);
  const answers: Answer[] = [];
  const first = await together(async (api) => {
    const answer = await sendKeyed(api, key, method, url, body);
    answers.push(answer);
    return answer;
  });
  expect(answers.map(({ body }) => body)).toEqual(answers.map(() => first.body));
  expect(answers.filter(isReplayed)).toHaveLength(times - 1);
  return first;
}

async function count(text: string, ...values: readonly unknown[]): Promise<number> {
  const { rows } = await one.database.pool.query(`SELECT count(*)::int AS n ${text}`, [...values]);
  return rows[0].n;
}

const logsAt = (path: string) =>
  count('FROM log JOIN file f ON f.id = log.file_id WHERE f.path = $1', path);

test('an upsert makes one version, which all are told of', async () => {
  const { body } = await withKey('POST', '/agents', { path: 'once/upsert', model: 'm' });
  const { body: versions } = await one.get(`/agents/${body.id}/versions`);
  expect(versions.records).toHaveLength(1);
});

test('a log is made once', async () => {
  const request = { path: 'once/log', agent: { model: 'm' }, output: 'Made elsewhere.' };
  const { body } = await withKey('POST', '/agents/log', request);
  expect(await logsAt('once/log')).toBe(1);
  await expect
    .poll(async () => (await one.get(`/agents/${body.agent_id}`)).body.version_logs_count)
    .toBe(1);
});

test('a file is deleted once, and nobody is told that it is not there', async () => {
  const [agent] = await agentVersions(one, 'once/delete', 'm');
  expect(await withKey('DELETE', `/agents/${agent.id}`)).toMatchObject({ statusCode: 204 });
  expect(await one.get(`/agents/${agent.id}`)).toMatchObject({ statusCode: 404 });
});

test('a version is deployed once', async () => {
  const [first, second] = await agentVersions(one, 'once/deploy', 'm', 'n');
  const { staging } = await environmentIds(one, first.id);
  const url = `/agents/${first.id}/environments/${staging}?version_id=${second.version_id}`;
  const { body } = await withKey('POST', url);
  expect(body.environments).toMatchObject([{ id: staging }]);
  expect(await count('FROM deployment WHERE environment_id = $1', staging)).toBe(1);
});

test('what is added to a log is added once', async () => {
  const { id, agent_id } = await logAgent(one, 'once/patch', { log_status: 'incomplete' });
  const update = { output: 'Done.', log_status: 'complete' };
  const { body } = await withKey('PATCH', `/agents/${agent_id}/log/${id}`, update);
  expect(body).toMatchObject({ output: 'Done.', log_status: 'complete' });
});

test('datapoints of a file are added once', async () => {
  const { body: dataset } = await one.post('/datasets', { path: 'once/csv', datapoints: [] });
  const form = [
    '--line\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n',
    'question\r\nwho?\r\nwhat?\r\n\r\n--line--\r\n',
  ].join('');
  const { body } = await together((api) =>
    send(api, 'POST', `/v5/datasets/${dataset.id}/datapoints/csv`, form, {
      'content-type': 'multipart/form-data; boundary=line',
      'idempotency-key': 'an upload',
    }),
  );
  expect(body.datapoints_count).toBe(2);
  expect(await count('FROM version WHERE file_id = $1', dataset.id)).toBe(2);
});

const slow = scripted([{ content: 'Once only.', delay_ms: 200 }]);

test('a call runs once', async () => {
  const call = { path: 'once/call', agent: slow, messages: hello };
  const { body } = await withKey('POST', '/agents/call', call);
  expect(body).toMatchObject({ output: 'Once only.', log_status: 'complete' });
  expect(await logsAt('once/call')).toBe(1);
});

test('a call runs once whose log has a given id, with a key or without', async () => {
  const call = { path: 'once/given id', agent: slow, messages: hello };
  await together((api) => api.post('/agents/call', { ...call, log_id: 'one-call' }));
  const { body } = await withKey('POST', '/agents/call', { ...call, log_id: 'another-call' });
  expect(body).toMatchObject({ id: 'another-call', output: 'Once only.' });
  expect(await logsAt('once/given id')).toBe(2);
});

test('a log is made once whose id is given, with a key or without', async () => {
  const log = { path: 'once/given log id', agent: { model: 'm' }, output: 'x', log_id: 'one-log' };
  await together((api) => api.post('/agents/log', log));
  const { body } = await withKey('POST', '/agents/log', { ...log, log_id: 'another-log' });
  expect(body).toMatchObject({ id: 'another-log' });
  // A key of its own does not make a log of a request that was there without.
  const again = await sendKeyed(one, 'too late', 'POST', '/agents/log', log);
  expect(again).toMatchObject({ statusCode: 200, body: { id: 'one-log' } });
  expect(await logsAt('once/given log id')).toBe(2);
});

test.each([
  ['agents', 'with a key', 'agent', {}],
  ['agents', 'with an id for its log', 'agent', { log_id: 'one-stream' }],
  ['prompts', 'with a key', 'prompt', {}],
  ['prompts', 'with an id for its log', 'prompt', { log_id: 'one-prompt-stream' }],
])('a streamed call of %s %s runs once, and everybody has the whole stream', async (...row) => {
  const [collection, how, type, more] = row;
  const path = `once/streamed ${type} ${how}`;
  const { tools, ...spec } = scripted([{ content: 'One two three.', word_delay_ms: 30 }]);
  const call = { path, [type]: spec, messages: hello, stream: true, ...more };
  const headers = 'log_id' in more ? {} : { 'idempotency-key': path };
  const { body } = await together((api) =>
    send(api, 'POST', `/v5/${collection}/call`, JSON.stringify(call), headers),
  );
  const told = type === 'prompt' ? piecesOf(body) : eventsOf(body);
  expect(told.length).toBeGreaterThan(3);
  expect(await logsAt(path)).toBe(1);
});

test('a continue goes on once, and so does a streamed one', async () => {
  const agent = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.', delay_ms: 200 }]);
  const call = { path: 'once/continue', agent, messages: hello };
  for (const stream of [false, true]) {
    const { body: suspended } = await one.post('/agents/call', call);
    const request = { log_id: suspended.id, messages: [answerTo('call_1_1', '42')], stream };
    const answer = await together((api) =>
      sendKeyed(api, `continue ${stream}`, 'POST', '/agents/continue', request),
    );
    const { body: log } = await one.get(`/logs/${suspended.id}`);
    expect(log).toMatchObject({ output: 'Done.', turns: [{}, {}] });
    expect(stream ? eventsOf(answer.body).at(-1)?.payload.output : answer.body.output).toBe(
      'Done.',
    );
    const late = await sendKeyed(other, `continue ${stream}`, 'POST', '/agents/continue', request);
    expect(withoutCounters(late.body)).toEqual(withoutCounters(answer.body));
  }
});

test('a continue has the one answer where another server was faster, and the run waits again by then', async () => {
  const waitsTwice = scripted([
    { tool_calls: [callOf('lookup')] },
    { tool_calls: [callOf('lookup')] },
  ]);
  const { body } = await one.post('/agents/call', {
    path: 'once/overtaken',
    agent: waitsTwice,
    messages: hello,
  });
  const request = { log_id: body.id, messages: [answerTo('call_1_1', 'the answer')] };
  const proceed = () => sendKeyed(other, 'overtaken', 'POST', '/agents/continue', request);
  const { keyring } = one.runtime.parts;
  const keysOf = keyring.keysFor.bind(keyring);
  // The first has found the run waiting when the other one takes it up.
  let faster: Answer | undefined;
  vi.spyOn(keyring, 'keysFor').mockImplementationOnce(async (workspace) => {
    faster = await proceed();
    return keysOf(workspace);
  });
  const slower = await sendKeyed(one, 'overtaken', 'POST', '/agents/continue', request);
  expect(faster).toMatchObject({ statusCode: 200 });
  expect(slower).toMatchObject({ statusCode: 200, body: faster?.body });
});

test.each([true, false])(
  'a cancel ends a run once, and nobody is told that it has ended: save: %s',
  async (save) => {
    const agent = scripted([{ tool_calls: [callOf('lookup')] }]);
    const call = { path: 'once/cancel', agent, messages: hello, save };
    const { body: waiting } = await one.post('/agents/call', call);
    const { body } = await withKey('POST', `/logs/${waiting.id}/cancel`);
    expect(body).toMatchObject({ id: waiting.id, log_status: 'complete' });
    // As if its server had died before it could keep the answer.
    await one.database.pool.query('UPDATE idempotency_key SET sealed_answer = NULL');
    const cancel = ['POST', `/logs/${waiting.id}/cancel`] as const;
    const again = await sendKeyed(other, keyOf(...cancel), ...cancel);
    const { id, log_status, error } = body;
    expect(again).toMatchObject({ statusCode: 200, body: { id, log_status, error } });
    const another = await sendKeyed(one, `too late ${save}`, 'POST', `/logs/${waiting.id}/cancel`);
    expect(another).toMatchObject({ statusCode: 409, body: { code: 'run_ended' } });
  },
);
