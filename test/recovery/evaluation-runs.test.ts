import { describe, expect, test } from 'vitest';
import {
  type Api,
  datasetOf,
  evaluationOf,
  modelJudge,
  onDataset,
  runOf,
  statsOf,
  untilStatus,
  words,
} from '../support/evaluation-runs.ts';
import { bodyOf } from '../support/judging.ts';
import { randomFrom } from '../support/random.ts';
import { testServers } from '../support/server.ts';

const servers = testServers();
const dataDir = await servers.newDataFolder();
const env = { RUN_LEASE_SECONDS: '2', EVALUATION_CONCURRENCY: '4' };
let one = await servers.start({ dataDir, env });
const { key } = one;

/** The API of the server that is there now, in the form of a test app. */
const api = {
  get: (url: string) => answerOf(one.get(`/v5${url}`)),
  post: (url: string, body?: unknown) => answerOf(one.post(`/v5${url}`, body)),
} as Api;

async function answerOf(answer: Promise<{ status: number; body: unknown }>) {
  const { status, body } = await answer;
  return { statusCode: status, headers: {}, body };
}

const size = 100;

/** An Evaluation of a Prompt whose model takes its time, with two evaluators, and a Run of it. */
async function begin(name: string) {
  const prompt = await bodyOf(
    api.post('/prompts', {
      path: `${name}/prompt`,
      provider: 'mock',
      model: 'mock',
      template: '{{word}}',
      other: { script: [{ content: 'An answer.', delay_ms: 40 }] },
    }),
  );
  const dataset = await datasetOf(api, `${name}/words`, words(size));
  const judges = [
    await modelJudge(api, `${name}/one`),
    await modelJudge(api, `${name}/two`, 'false'),
  ];
  const evaluation = await evaluationOf(api, prompt, judges);
  const run = await runOf(api, evaluation, onDataset(dataset, prompt));
  return { prompt, judges, evaluation, run };
}

type Begun = Awaited<ReturnType<typeof begin>>;

/** How many logs and judgments a Run has, whether a server is there or not. */
async function written({ prompt, judges }: Begun): Promise<number> {
  const [row] = await one.sql<{ n: number }>(
    'SELECT count(*)::integer AS n FROM log WHERE file_id = ANY($1)',
    [[prompt.id, ...judges.map(({ id }) => id)]],
  );
  return row?.n ?? 0;
}

const untilWritten = (begun: Begun, count: number) =>
  expect
    .poll(() => written(begun), { timeout: 60_000, interval: 10 })
    .toBeGreaterThanOrEqual(count);

/** Each Datapoint has one log, and each log one judgment of each evaluator. */
async function expectEachOnce({ prompt, judges, evaluation, run }: Begun): Promise<void> {
  await untilStatus(api, evaluation, run, 'completed', 120_000);
  const logs = await one.sql<{ id: string; datapoint: string }>(
    'SELECT id, source_datapoint_id AS datapoint FROM log WHERE file_id = $1',
    [prompt.id],
  );
  expect(logs).toHaveLength(size);
  expect(new Set(logs.map(({ datapoint }) => datapoint)).size).toBe(size);
  for (const { id } of judges) {
    const judgments = await one.sql<{ parent: string }>(
      'SELECT parent_id AS parent FROM log WHERE file_id = $1',
      [id],
    );
    expect(judgments.map(({ parent }) => parent).toSorted()).toEqual(
      logs.map((log) => log.id).toSorted(),
    );
  }
  expect(await statsOf(api, evaluation, run)).toMatchObject({
    num_logs: size,
    evaluator_stats: [{ total_logs: size }, { total_logs: size }],
  });
  const left = await one.sql(`SELECT FROM run UNION ALL SELECT FROM judgment_task
    UNION ALL SELECT FROM evaluation_slot WHERE state <> 'ready'`);
  expect(left).toEqual([]);
}

describe('a Run', { timeout: 300_000 }, () => {
  test('whose server is killed ten times makes each log and each judgment once', async () => {
    const begun = await begin('killed');
    const random = randomFrom(31);
    const moments = Array.from({ length: 10 }, () => Math.floor(random() * size * 2.9));
    for (const moment of moments.toSorted((a, b) => a - b)) {
      await untilWritten(begun, moment);
      await one.kill('SIGKILL');
      one = await servers.start({ dataDir, env, key });
    }
    await expectEachOnce(begun);
  });

  test('on two servers goes on when one of them is killed, and when one stops', async () => {
    const begun = await begin('two servers');
    let two = await servers.start({ dataDir, env, key });
    await untilWritten(begun, size);
    await two.kill('SIGKILL');
    two = await servers.start({ dataDir, env, key });
    await untilWritten(begun, size * 1.7);
    expect(await one.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    one = two;
    await expectEachOnce(begun);
  });
});
