import { afterAll, describe, expect, test } from 'vitest';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { answerTo, callOf, hello, lookup, scripted } from '../support/agents.ts';
import { type Answer, type TestApp, testApp } from '../support/app.ts';
import { type FakeStep, startFakeProvider } from '../support/fake-provider.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../support/refusals.ts';

/** Calls of the vendor, each of which waits until it is answered. */
const waiting: ((step: FakeStep) => void)[] = [];
const fake = await startFakeProvider();
fake.respond(() => new Promise((answer) => waiting.push(answer)));
afterAll(() => fake.close());

const openai = openaiProvider({ apiKey: 'sk-openai-0123456789', baseUrl: `${fake.url}/v1` });
const providers = { openai };

/** Two servers on one database, that let so many runs be under way. */
async function servers(atOnce: number): Promise<readonly [TestApp, TestApp]> {
  const one = await testApp({ providers, runLimits: { atOnce } });
  return [one, await testApp({ providers, database: one.database, runLimits: { atOnce } })];
}

/** Answers the calls of the vendor that wait now. */
function answerAll(step: FakeStep = { text: 'Done.' }): void {
  for (const answer of waiting.splice(0)) answer(step);
}

/** Waits until so many calls of the vendor do. */
async function callsWaiting(count: number): Promise<void> {
  await expect.poll(() => waiting.length, { timeout: 20_000 }).toBe(count);
}

const held = { path: 'held', agent: { model: 'm', tools: [lookup] }, messages: hello };

function expectTooMany(answer: Answer): void {
  expectRefusal(answer, 429);
  expect(answer.body.code).toBe('too_many_runs');
  expect(answer.headers['retry-after']).toBe('5');
}

/** Runs that are under way, as the database has them. */
async function running({ database }: TestApp): Promise<number> {
  return database.db
    .selectFrom('run')
    .where('state', '=', 'running')
    .select(({ fn }) => fn.countAll<number>().as('runs'))
    .executeTakeFirstOrThrow()
    .then(({ runs }) => runs);
}

test('of a hundred calls at once on two servers, no more begin than may be under way', async () => {
  const [one, other] = await servers(3);
  await one.post('/agents', { path: held.path, ...held.agent });
  const before = await rowCounts(one);
  let refused = 0;
  const calls = Array.from({ length: 100 }, async (_, n) => {
    const answer = await (n % 2 ? one : other).post('/agents/call', {
      ...held,
      stream: n % 5 === 0,
      // Each refused call would have made a file of its own, too.
      ...(n < 50 ? {} : { path: `held/${n}` }),
    });
    if (answer.statusCode === 429) refused += 1;
    return answer;
  });
  await expect.poll(() => refused, { timeout: 20_000 }).toBe(97);
  expect(await running(one)).toBe(3);
  await callsWaiting(3);
  answerAll();
  const answers = await Promise.all(calls);
  for (const answer of answers.filter(({ statusCode }) => statusCode !== 200))
    expectTooMany(answer);
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(3);
  const after = await rowCounts(one);
  expect(after['log']).toBe((before['log'] ?? 0) + 3);
  expect(Number(after['version']) - Number(before['version'])).toBeLessThanOrEqual(3);
  expect(await running(one)).toBe(0);
}, 30_000);

describe('at the limit', () => {
  test('a run that waits for its client holds no place, and goes on when there is one', async () => {
    const [one, other] = await servers(1);
    const script = [{ tool_calls: [callOf('lookup')] }, { content: 'Here.' }];
    const { body: suspended } = await one.post('/agents/call', {
      path: 'limit/suspended',
      agent: scripted(script),
      messages: hello,
    });
    expect(suspended.log_status).toBe('incomplete');
    const call = one.post('/agents/call', held);
    await callsWaiting(1);
    const goOn = { log_id: suspended.id, messages: [answerTo('call_1_1', 'x')] };
    const stored = async () => {
      const { agent, ...log } = (await one.get(`/logs/${suspended.id}`)).body;
      return log;
    };
    const before = await stored();
    for (const server of [one, other]) expectTooMany(await server.post('/agents/continue', goOn));
    expect(await stored()).toEqual(before);
    answerAll();
    expect((await call).body.output).toBe('Done.');
    expect((await other.post('/agents/continue', goOn)).body.output).toBe('Here.');
  });

  test('a repeated call joins the first, and is no further one', async () => {
    const [one, other] = await servers(1);
    const request = { ...held, log_id: 'repeated-at-the-limit' };
    const first = one.post('/agents/call', request);
    await callsWaiting(1);
    const repeated = [one, other].map((server) => server.post('/agents/call', request));
    expectTooMany(await one.post('/agents/call', held));
    answerAll();
    const answers = await Promise.all([first, ...repeated]);
    expect(answers.map(({ body }) => body.output)).toEqual(['Done.', 'Done.', 'Done.']);
  });

  test('prompts and tools are refused as agents are', async () => {
    const [one] = await servers(1);
    const call = one.post('/prompts/call', {
      path: 'limit/prompt',
      prompt: { model: 'm', template: 'x' },
    });
    await callsWaiting(1);
    const source_code = 'def f():\n    return 1\n';
    expectTooMany(await one.post('/tools/call', { path: 'limit/tool', tool: { source_code } }));
    expectTooMany(await one.post('/agents/call', held));
    answerAll();
    expect((await call).statusCode).toBe(200);
  });

  test('what a run calls below it is neither refused nor counted', async () => {
    const [one] = await servers(1);
    const { body: inner } = await one.post('/agents', { path: 'limit/inner', model: 'm' });
    const { body: middle } = await one.post('/agents', {
      path: 'limit/middle',
      ...scripted([{ tool_calls: [callOf('inner', { message: 'x' })] }, { content: 'Middle.' }], {
        tools: [{ type: 'file', link: { file_id: inner.id } }],
      }),
    });
    const call = one.post('/agents/call', {
      path: 'limit/outer',
      agent: scripted(
        [{ tool_calls: [callOf('middle', { message: 'x' })] }, { content: 'Outer.' }],
        {
          tools: [{ type: 'file', link: { file_id: middle.id } }],
        },
      ),
      messages: hello,
    });
    await callsWaiting(1);
    expect(await running(one)).toBe(3);
    answerAll();
    expect((await call).body).toMatchObject({ output: 'Outer.', error: null });
  });

  test('each organization has a limit of its own', async () => {
    const [one] = await servers(1);
    const call = one.post('/agents/call', held);
    await callsWaiting(1);
    const { apiKey } = await addOrganization(one, 'a-key-of-another-organization');
    const agent = scripted([{ content: 'Theirs.' }]);
    const body = JSON.stringify({ path: 'held', agent, messages: hello });
    const theirs = await send(one, 'POST', '/v5/agents/call', body, { 'x-api-key': apiKey });
    expect(theirs.body.output).toBe('Theirs.');
    expectTooMany(await one.post('/agents/call', held));
    answerAll();
    await call;
  });
});

test('without a limit, any number of runs are under way', async () => {
  const free = await testApp({ providers });
  const calls = Array.from({ length: 40 }, () => free.post('/agents/call', held));
  await callsWaiting(40);
  answerAll();
  const answers = await Promise.all(calls);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(40).fill(200));
});

describe('without a setting', () => {
  test('a server lets an organization have so many runs, and says which setting there is', async () => {
    const one = await testApp({ providers, runLimits: { atOnceHere: 3 } });
    await one.post('/agents', { path: held.path, ...held.agent });
    const before = await rowCounts(one);
    const calls = Array.from({ length: 20 }, () => one.post('/agents/call', held));
    await callsWaiting(3);
    const { apiKey } = await addOrganization(one, 'a-key-of-an-unlimited-organization');
    const agent = scripted([{ content: 'Theirs.' }]);
    const body = JSON.stringify({ path: 'held', agent, messages: hello });
    const theirs = await send(one, 'POST', '/v5/agents/call', body, { 'x-api-key': apiKey });
    expect(theirs.body.output).toBe('Theirs.');
    answerAll();
    const answers = await Promise.all(calls);
    const refused = answers.filter(({ statusCode }) => statusCode !== 200);
    expect(refused).toHaveLength(17);
    for (const answer of refused) {
      expectTooMany(answer);
      expect(answer.body.detail).toContain('RUN_CONCURRENCY_PER_ORGANIZATION');
    }
    expect((await rowCounts(one))['log']).toBe((before['log'] ?? 0) + 4);
    // All places are free again.
    const again = Array.from({ length: 3 }, () => one.post('/agents/call', held));
    await callsWaiting(3);
    answerAll();
    for (const { statusCode } of await Promise.all(again)) expect(statusCode).toBe(200);
  });

  test('runs below runs count, and one too many is answered with an error for the model', async () => {
    const one = await testApp({ providers, runLimits: { atOnceHere: 2 } });
    const { body: inner } = await one.post('/agents', { path: 'here/inner', model: 'm' });
    const outer = {
      path: 'here/outer',
      agent: scripted(
        [
          { tool_calls: [callOf('inner', { message: 'x' }), callOf('inner', { message: 'y' })] },
          { content: 'Outer.' },
        ],
        { tools: [{ type: 'file', link: { file_id: inner.id } }] },
      ),
      messages: hello,
    };
    const call = one.post('/agents/call', outer);
    await callsWaiting(1);
    expectTooMany(await one.post('/agents/call', held));
    const { body: log } = await one.get(
      `/logs?file_id=${(await one.get('/agents?name=outer')).body.records[0].id}`,
    );
    expect(log.records).toHaveLength(1);
    const [{ id }] = log.records;
    expect((await one.post(`/logs/${id}/cancel`)).statusCode).toBe(200);
    answerAll();
    expect((await call).body.error).toBe('cancelled');
    const second = one.post('/agents/call', outer);
    await callsWaiting(1);
    answerAll();
    const { body } = await second;
    expect(body.output).toBe('Outer.');
    expect(JSON.stringify(body.messages)).toContain(
      'already has 2 runs of this organization in progress, which is the limit (RUN_CONCURRENCY_PER_ORGANIZATION)',
    );
  });
});
