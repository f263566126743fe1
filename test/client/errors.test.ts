import { Humanloop, HumanloopClient, HumanloopError } from 'humanloop';
import { expect, test } from 'vitest';
import { publishedClient } from './published-client.ts';

const { humanloop, server, requests } = await publishedClient();

const reasonOf = (asked: Promise<unknown>) =>
  asked.then(
    () => expect.unreachable('It was not refused.'),
    (reason: unknown) => reason,
  );

test('what is not there is its HumanloopError, with the status and the body', async () => {
  const error = await reasonOf(humanloop.prompts.get('pr_none'));
  expect(error).toBeInstanceOf(HumanloopError);
  expect(error).toMatchObject({
    statusCode: 404,
    body: { detail: 'There is no file `pr_none`.', code: 'file_not_found' },
  });
});

test('so is what is at odds with the state of things', async () => {
  await humanloop.prompts.upsert({ path: 'taken', model: 'm', versionName: 'v1' });
  const asked = [
    humanloop.tools.upsert({ path: 'taken' }),
    humanloop.prompts.upsert({ path: 'taken', model: 'another', versionName: 'v1' }),
  ];
  for (const error of await Promise.all(asked.map(reasonOf))) {
    expect(error).toBeInstanceOf(HumanloopError);
    expect(error).toMatchObject({ statusCode: 409, body: { detail: expect.any(String) } });
  }
});

test('a request that does not fit is its UnprocessableEntityError, which names each place', async () => {
  const error = await reasonOf(
    humanloop.prompts.upsert({ path: 'misfit', model: 'm', maxTokens: 1.5, tags: [''] }),
  );
  expect(error).toBeInstanceOf(Humanloop.UnprocessableEntityError);
  expect(error).toMatchObject({
    statusCode: 422,
    body: {
      detail: expect.arrayContaining([
        { loc: ['body', 'max_tokens'], msg: expect.any(String), type: expect.any(String) },
      ]),
    },
  });
});

test('a wrong key is refused', async () => {
  const stranger = new HumanloopClient({ apiKey: 'not a key', baseUrl: `${server.url}/v5` });
  expect(await reasonOf(stranger.prompts.list())).toMatchObject({
    statusCode: 401,
    body: { detail: expect.any(String) },
  });
});

test('what its calls and logs throw has the status and the body in its text', async () => {
  const asked = [
    humanloop.prompts.call({ path: 'nobody' }),
    humanloop.prompts.log({ path: 'nobody' }),
    humanloop.tools.log({ path: 'nobody' }),
    humanloop.flows.log({ path: 'nobody' }),
    humanloop.evaluators.log({ path: 'nobody', parentId: 'nobody' }),
  ];
  for (const error of await Promise.all(asked.map(reasonOf))) {
    expect(String(error)).toContain('Status code: 404');
    expect(String(error)).toContain('"detail"');
  }
});

test('it asks once: it does not send again what was refused', async () => {
  requests();
  await humanloop.tools.log({ path: 'once', tool: {}, logId: 'once', output: '42' });
  await reasonOf(humanloop.tools.log({ path: 'once', tool: {}, logId: 'once', output: '43' }));
  await reasonOf(humanloop.logs.get('none'));
  await reasonOf(humanloop.flows.upsert({ attributes: {} }));
  expect(requests()).toEqual([
    'POST /v5/tools/log',
    'POST /v5/tools/log',
    'GET /v5/logs/none',
    'POST /v5/flows',
  ]);
});

test.each([
  { provider: 'limits its callers', says: 429, answered: 424 },
  { provider: 'is out of order', says: 503, answered: 424 },
  { provider: 'does not like the request', says: 400, answered: 422 },
])('it does not send a call again of which the provider $provider', async (row) => {
  requests();
  const script = [{ error: { status: row.says, message: 'No.', retry_after_ms: 1 } }];
  const called = humanloop.prompts.call({
    path: `failing-${row.says}`,
    prompt: { model: 'scripted', provider: 'mock', other: { script } },
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(String(await reasonOf(called))).toContain(`Status code: ${row.answered}`);
  expect(requests()).toEqual(['POST /v5/prompts/call']);
});
