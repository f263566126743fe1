import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { addOrganization } from '../support/organizations.ts';

const { app, database } = await testApp();
const keys = ['lw_sk_one_of_two_for_tests', 'lw_sk_two_of_two_for_tests'];
const [first = ''] = keys;
for (const key of keys) await addOrganization({ database }, key);

async function send(key: string, method: 'GET' | 'POST', url: string, payload?: object) {
  const answer = await ask(key, method, url, payload);
  expect(answer.statusCode).toBe(200);
  return answer.json();
}

async function ask(
  key: string,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
) {
  const headers = { 'x-api-key': key };
  return app.inject({ method, url: `/v5${url}`, headers, ...(payload && { payload }) });
}

/** What both organizations have at the same path, and with the same ids where a client chooses them. */
const path = 'at-once/prompt';
const contentOf = (key: string) => `This is of ${key}.`;

test('organizations that do the same at once see their own alone', async () => {
  const asked = Array.from({ length: 60 }, (_, number) => ({
    number,
    key: keys[number % 2] as string,
  }));
  // The first of each makes the version, the others find it: all at once.
  const made = await Promise.all(
    asked.map(({ key, number }) =>
      send(key, 'POST', '/prompts/call', {
        path,
        log_id: `log-${number >> 1}`,
        prompt: {
          provider: 'mock',
          model: 'mock',
          other: { script: [{ content: contentOf(key) }] },
        },
        messages: [{ role: 'user', content: key }],
      }),
    ),
  );
  expect(made.map(({ logs }) => logs[0].output)).toEqual(asked.map(({ key }) => contentOf(key)));
  const files = new Map(made.map(({ prompt }, place) => [prompt.id, asked[place]?.key]));
  expect([...files.values()].toSorted()).toEqual(keys.toSorted());

  const read = await Promise.all(
    asked.map(({ key, number }) => send(key, 'GET', `/logs/log-${number >> 1}`)),
  );
  expect(read.map(({ output }) => output)).toEqual(asked.map(({ key }) => contentOf(key)));
  expect(read.map(({ prompt }) => files.get(prompt.id))).toEqual(asked.map(({ key }) => key));

  const found = await Promise.all(
    asked.map(({ key }) => send(key, 'POST', '/files/retrieve-by-path', { path })),
  );
  expect(found.map(({ id }) => files.get(id))).toEqual(asked.map(({ key }) => key));
});

/** All rows of the second organization about a log and those below it, as text. */
async function rowsOfSecond(id: string): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ text: string }>(
    `WITH key AS (SELECT organization_id FROM api_key WHERE hash = sha256($2::bytea)),
      ids AS (SELECT id FROM log JOIN key USING (organization_id) WHERE trace_id = $1 OR id = $1)
    SELECT log::text AS text FROM log JOIN key USING (organization_id) JOIN ids USING (id)
    UNION ALL SELECT run::text FROM run JOIN key USING (organization_id)
      WHERE log_id IN (SELECT id FROM ids)
    UNION ALL SELECT turn::text FROM turn JOIN key USING (organization_id)
      WHERE log_id IN (SELECT id FROM ids)
    UNION ALL SELECT run_event::text FROM run_event JOIN key USING (organization_id)
      WHERE log_id IN (SELECT id FROM ids)`,
    [id, keys[1]],
  );
  return rows.map(({ text }) => text).toSorted();
}

const answers = [answerTo('call_1_1', 'found')];

test.each([
  [
    'continued',
    (id: string) => ask(first, 'POST', '/agents/continue', { log_id: id, messages: answers }),
  ],
  ['cancelled', (id: string) => ask(first, 'POST', `/logs/${id}/cancel`)],
  ['deleted', (id: string) => ask(first, 'DELETE', `/logs?id=${id}`)],
  ['read', (id: string) => ask(first, 'GET', `/logs/${id}/events`)],
])(
  'a suspended run that is %s leaves the run of the same id of another organization as it was',
  async (what, change) => {
    const id = `twin-${what}`;
    for (const key of keys) {
      await send(key, 'POST', '/agents/call', {
        path: 'at-once/agent',
        log_id: id,
        agent: scripted([{ tool_calls: [callOf('lookup')] }, { content: contentOf(key) }]),
        messages: hello,
      });
    }
    const before = await rowsOfSecond(id);
    expect(before.length).toBeGreaterThan(3);
    expect((await change(id)).statusCode).toBeLessThan(300);
    expect(await rowsOfSecond(id)).toEqual(before);
    const body = await send(keys[1] as string, 'POST', '/agents/continue', {
      log_id: id,
      messages: answers,
    });
    expect(body.output).toBe(contentOf(keys[1] as string));
  },
);
