import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { reprice } from '../../src/logs/reprice.ts';
import type { PriceRow } from '../../src/pricing/price-row.ts';
import { createPriceTable } from '../../src/pricing/price-table.ts';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { testServers } from '../support/server.ts';

/** Of a model of one test, so that tests do not change what others look at. */
const row = (model: string, input: number, output: number): PriceRow => ({
  provider: 'mock',
  model,
  input,
  output,
});

const costs = (prompt_cost: number | null, output_cost: number | null) => ({
  prompt_cost,
  output_cost,
});

const always = { since: null, isDryRun: false };

/** A server whose calls cost 0.25 dollars for a token of input and 1 for one of output. */
async function priced() {
  const database = await testDatabase();
  const before = createPriceTable([row('m', 250_000, 1_000_000)]);
  const api = await testApp({ database, prices: before });
  const usage = { input_tokens: 4, output_tokens: 2 };
  const looking = { tool_calls: [callOf('lookup', { key: 'x' })], usage };
  const call = async (script: readonly Record<string, unknown>[], more: object = {}) => {
    const agent = scripted(script, { model: 'm' });
    const { body } = await api.post('/agents/call', {
      path: 'repriced/agent',
      agent,
      messages: hello,
      ...more,
    });
    return body;
  };
  const costsOf = async (id: string) => {
    const { body } = await api.get(`/logs/${id}`);
    const { prompt_cost, output_cost } = body;
    return { prompt_cost, output_cost, turns: body.turns };
  };
  return { database, before, api, usage, looking, call, costsOf };
}

/** Makes logs `copy1`, `copy2`, … of a log with one turn. */
async function copyLog({ pool }: Database, id: string, copies: number): Promise<void> {
  await pool.query(
    `INSERT INTO log (organization_id, id, type, file_id, version_id, trace_id, created_at, save,
      prompt_cost, output_cost)
    SELECT organization_id, 'copy' || n, type, file_id, version_id, 'copy' || n, created_at, save,
      prompt_cost, output_cost FROM log, generate_series(1, $2) n WHERE id = $1`,
    [id, copies],
  );
  await pool.query(
    `INSERT INTO turn (organization_id, log_id, number, started_at, ended_at, input_tokens,
      output_tokens, prompt_cost, output_cost)
    SELECT organization_id, 'copy' || n, number, started_at, ended_at, input_tokens,
      output_tokens, prompt_cost, output_cost FROM turn, generate_series(1, $2) n WHERE log_id = $1`,
    [id, copies],
  );
}

/** Half of what input cost, twice what output did. */
const after = createPriceTable([row('m', 125_000, 500_000), row('m', 125_000, 1_000_000)]);

describe('a corrected table', () => {
  test('changes the costs of model calls and of their logs, once', async () => {
    const { database, usage, looking, call, costsOf, api } = await priced();
    const { id } = await call([looking, { content: 'Hi.', usage }]);
    await api.post('/agents/continue', { log_id: id, messages: [answerTo('call_1_1', 'y')] });
    expect(await costsOf(id)).toMatchObject(costs(2, 4));
    expect(await reprice(database, after, always)).toEqual({
      calls: 2,
      logs: 1,
      changedCalls: 2,
      changedLogs: 1,
      nowUnknown: 0,
      openLogs: 0,
      difference: -1,
    });
    const turn = { ...costs(0.5, 2), price_table: after.version };
    expect(await costsOf(id)).toMatchObject({ ...costs(1, 4), turns: [turn, turn] });
    expect(await reprice(database, after, always)).toMatchObject({
      calls: 2,
      changedCalls: 0,
      difference: 0,
    });
  });

  test('changes nothing in a dry run, which says what it would', async () => {
    const { database, usage, call, costsOf } = await priced();
    const { id } = await call([{ content: 'Hi.', usage }]);
    const dry = { since: null, isDryRun: true };
    expect(await reprice(database, after, dry)).toMatchObject({
      changedCalls: 1,
      difference: -0.5,
    });
    expect(await costsOf(id)).toMatchObject(costs(1, 2));
  });

  test('leaves the costs that a client gave, each by itself', async () => {
    const { database, usage, costsOf, api } = await priced();
    const prompt = { provider: 'mock', model: 'm', template: 'Say it.' };
    const { body: called } = await api.post('/prompts/call', {
      path: 'repriced/corrected',
      prompt: { ...prompt, other: { script: [{ content: 'it', usage }] } },
    });
    const { body: logged } = await api.post('/prompts/log', {
      path: 'repriced/logged',
      prompt,
      output: 'it',
      prompt_tokens: 4,
      output_tokens: 2,
      ...costs(7, 8),
    });
    await api.patch(`/prompts/${called.prompt.id}/log/${called.id}`, { output_cost: 9 });
    expect(await costsOf(called.id)).toMatchObject(costs(1, 9));
    expect(await reprice(database, after, always)).toMatchObject({ changedCalls: 1 });
    expect(await costsOf(called.id)).toMatchObject(costs(0.5, 9));
    expect(await costsOf(logged.id)).toMatchObject(costs(7, 8));
  });

  test('knows a price that was not known, and forgets one that is wrong', async () => {
    const { database, before, usage, call, costsOf } = await priced();
    const { id } = await call([{ content: 'Hi.', usage }]);
    const none = await reprice(database, createPriceTable(), always);
    expect(none).toMatchObject({ changedCalls: 1, nowUnknown: 1, difference: -3 });
    const unknown = { ...costs(null, null), price_table: null };
    expect(await costsOf(id)).toMatchObject({ ...costs(null, null), turns: [unknown] });
    expect(await reprice(database, before, always)).toMatchObject({ difference: 3 });
    expect(await costsOf(id)).toMatchObject(costs(1, 2));
  });

  test('leaves a run that waits for its client, until it has ended', async () => {
    const { database, usage, looking, call, costsOf, api } = await priced();
    const { id } = await call([looking, { content: 'Hi.', usage }]);
    expect(await reprice(database, after, always)).toMatchObject({ changedLogs: 0, openLogs: 1 });
    await api.post('/agents/continue', { log_id: id, messages: [answerTo('call_1_1', 'y')] });
    expect(await costsOf(id)).toMatchObject(costs(2, 4));
    expect(await reprice(database, after, always)).toMatchObject({ changedLogs: 1, openLogs: 0 });
    expect(await costsOf(id)).toMatchObject(costs(1, 4));
  });

  test('is applied since a day, where one is given', async () => {
    const { database, usage, call, costsOf } = await priced();
    const { id } = await call([{ content: 'Hi.', usage }]);
    const tomorrow = new Date(Date.now() + 86_400_000);
    const late = { since: tomorrow, isDryRun: false };
    expect(await reprice(database, after, late)).toMatchObject({ logs: 0 });
    const early = { since: new Date(Date.now() - 86_400_000), isDryRun: false };
    expect(await reprice(database, after, early)).toMatchObject({ logs: 1, changedLogs: 1 });
    expect(await costsOf(id)).toMatchObject(costs(0.5, 2));
  });

  test('changes samples and the logs of linked prompts too, whether payloads are stored or not', async () => {
    const { database, usage, api, costsOf, call } = await priced();
    const prompt = { provider: 'mock', model: 'm', template: 'Say it.' };
    const script = { other: { script: [{ content: 'it', usage }] } };
    const { body: linked } = await api.post('/prompts', {
      path: 'repriced/Said',
      ...prompt,
      ...script,
    });
    const { body: sampled } = await api.post('/prompts/call', { id: linked.id, num_samples: 2 });
    const { body: agent } = await api.post('/agents', {
      path: 'repriced/linking',
      ...scripted(
        [
          { tool_calls: [callOf('said')], usage },
          { content: 'Hi.', usage },
        ],
        {
          model: 'm',
          tools: [{ type: 'file', link: { file_id: linked.id } }],
        },
      ),
    });
    const run = await call([], {
      path: undefined,
      agent: undefined,
      id: agent.id,
      save: false,
      include_trace_children: true,
    });
    const [child] = run.trace_children;
    expect(await reprice(database, after, always)).toMatchObject({ calls: 5, changedCalls: 5 });
    expect(await costsOf(sampled.id)).toMatchObject(costs(1, 4));
    expect(await costsOf(run.id)).toMatchObject(costs(1, 4));
    expect(await costsOf(child.id)).toMatchObject(costs(0.5, 2));
  });

  test('is applied to more logs than are looked at together, while others are made and deleted', async () => {
    const { database, usage, call, api } = await priced();
    const { id } = await call([{ content: 'Hi.', usage }]);
    await copyLog(database, id, 409);
    const [first] = await Promise.all([
      reprice(database, after, always),
      ...['copy1', 'copy20', 'copy300'].map((id) => api.delete(`/logs?id=${id}`)),
      ...Array.from({ length: 5 }, () => call([{ content: 'Hi.', usage }])),
    ]);
    expect(first.logs).toBeGreaterThanOrEqual(407);
    await reprice(database, after, always);
    expect(await reprice(database, after, always)).toMatchObject({ logs: 412, changedLogs: 0 });
    const { rows } = await database.pool.query(
      'SELECT DISTINCT prompt_cost, output_cost FROM log UNION SELECT prompt_cost, output_cost FROM turn',
    );
    expect(rows).toEqual([costs(0.5, 2)]);
  });
});

describe('the command', () => {
  const servers = testServers();

  async function commandOn(prices: readonly PriceRow[]) {
    const { connection, ...database } = await testDatabase();
    const api = await testApp({
      database,
      prices: createPriceTable([row('m', 250_000, 1_000_000)]),
    });
    const usage = { input_tokens: 4, output_tokens: 2 };
    const { body } = await api.post('/agents/call', {
      path: 'repriced/agent',
      agent: scripted([{ content: 'Hi.', usage }], { model: 'm' }),
      messages: hello,
    });
    const { user, host, port, database: name } = connection;
    const dataDir = await servers.newFolder();
    const pricesFile = join(dataDir, 'prices.json');
    await writeFile(pricesFile, JSON.stringify({ prices }));
    const env = {
      DATABASE_URL: `postgres://${user}@/${name}?host=${host}&port=${port}`,
      LOOPWRIGHT_SECRET_KEY: Buffer.alloc(32).toString('base64'),
      LOOPWRIGHT_PRICES_FILE: pricesFile,
    };
    const run = (...args: string[]) => servers.run('reprice', { dataDir, env, args });
    const serve = () => servers.run('serve', { dataDir, env });
    return { api, id: body.id as string, run, serve, pricesFile };
  }

  test('prints what changed, by the operator’s own prices', async () => {
    const { api, id, run } = await commandOn([row('m', 125_000, 1_000_000)]);
    const { version } = createPriceTable([row('m', 125_000, 1_000_000)]);
    const looked = 'Checked 1 model call of 1 log.';
    const printed = (line: string) => `${looked}\n${line}\nPrices: ${version}.\n`;
    expect(await run('--dry-run')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: printed('Would change 1 model call of 1 log, in total $0.500000 less.'),
    });
    expect((await api.get(`/logs/${id}`)).body).toMatchObject(costs(1, 2));
    expect((await run('--since', '2020-01-01')).stdout).toBe(
      printed('Changed 1 model call of 1 log, in total $0.500000 less.'),
    );
    expect((await api.get(`/logs/${id}`)).body).toMatchObject(costs(0.5, 2));
  });

  test('tells what is wrong with an argument', async () => {
    const { run } = await commandOn([]);
    for (const since of ['yesterday', '2026-02-30']) {
      expect(await run('--since', since)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: `--since must be a date, such as 2026-05-01, not ${since}.\n`,
      });
    }
  });

  test('and the server refuse a file of prices that has a fault', async () => {
    const { run, serve, pricesFile } = await commandOn([row('m', -1, 0)]);
    const refused = {
      code: 1,
      stdout: '',
      stderr: `Bad price file ${pricesFile} (LOOPWRIGHT_PRICES_FILE).\n  prices.0.input: Must be at least 0\n`,
    };
    expect(await Promise.all([run(), serve()])).toMatchObject([refused, refused]);
  });
});
