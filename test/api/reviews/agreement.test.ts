import { describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';

const api = await testApp();

const details = (return_type: string, more: object = {}) => ({
  evaluator_type: 'human',
  arguments_type: 'target_free',
  return_type,
  ...more,
});

async function evaluatorAt(path: string, spec: object) {
  return (await api.post('/evaluators', { path, spec })).body.id as string;
}

async function logsAt(path: string, count: number): Promise<string[]> {
  const ids = [];
  for (let n = 0; n < count; n++) {
    const { body } = await api.post('/prompts/log', {
      path,
      prompt: { model: 'gpt-4o' },
      output: `${n}`,
    });
    ids.push(body.id);
  }
  return ids;
}

async function judge(id: string, parent_id: string | undefined, judgment: unknown, user?: string) {
  const { statusCode } = await api.post('/evaluators/log', { id, parent_id, judgment, user });
  expect(statusCode).toBe(200);
}

/** Four observers of twelve things (Krippendorff 2011, page 7); 0 is nothing said. */
const observers = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
  [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
];

describe('people who judge with one evaluator', () => {
  test.each([
    ['select', 0.743, String, { options: ['1', '2', '3', '4', '5'].map((name) => ({ name })) }],
    ['number', 0.849, Number, {}],
  ] as const)('agree on %s by Krippendorff’s α of %d', async (type, alpha, as, more) => {
    const id = await evaluatorAt(`people/${type}`, details(type, more));
    const logs = await logsAt(`people/${type}-logs`, 12);
    for (const [observer, values] of observers.entries()) {
      for (const [thing, value] of values.entries()) {
        if (value > 0) await judge(id, logs[thing], as(value), `observer-${observer}`);
      }
    }
    const { body } = await api.get(`/evaluators/${id}/agreement`);
    expect(body).toMatchObject({
      evaluator_id: id,
      with_evaluator_id: null,
      run_id: null,
      return_type: type,
      logs_count: 11,
      kappa: null,
      accuracy: null,
      confusion: null,
      disagreements_count: 3,
    });
    expect(body.alpha).toBeCloseTo(alpha, 3);
    expect(body.judges).toHaveLength(4);
    expect(body.judges).toContainEqual({ user: 'observer-1', judgments_count: 11 });
    const sixth = body.disagreements.find(({ log_id }: { log_id: string }) => log_id === logs[5]);
    expect(sixth.judgments).toContainEqual({
      evaluator_id: id,
      user: 'observer-3',
      judgment: as(4),
    });
  });

  test('are compared by the judgments that count, without abstentions and errors', async () => {
    const id = await evaluatorAt('people/count', details('boolean'));
    const [one, two] = await logsAt('people/count-logs', 2);
    await judge(id, one, true, 'ada');
    await judge(id, one, false, 'grace');
    await judge(id, one, true, 'grace');
    await judge(id, two, true, 'ada');
    await judge(id, two, null, 'grace');
    const { body } = await api.get(`/evaluators/${id}/agreement`);
    expect(body).toMatchObject({ logs_count: 1, alpha: null, disagreements: [] });
  });
});

describe('two evaluators', () => {
  test('agree by accuracy and Cohen’s κ', async () => {
    const people = await evaluatorAt('two/people', details('boolean'));
    const judged = await evaluatorAt('two/judge', {
      ...details('boolean'),
      evaluator_type: 'external',
    });
    const logs = await logsAt('two/logs', 51);
    const said = [
      ...Array(20).fill([true, true]),
      ...Array(5).fill([true, false]),
      ...Array(10).fill([false, true]),
      ...Array(15).fill([false, false]),
    ];
    for (const [index, [one, other]] of said.entries()) {
      await judge(judged, logs[index], one);
      await judge(people, logs[index], other, 'ada');
    }
    await judge(judged, logs[50], true);
    const { body } = await api.get(`/evaluators/${judged}/agreement?with=${people}`);
    expect(body).toMatchObject({
      with_evaluator_id: people,
      logs_count: 50,
      accuracy: 0.7,
      confusion: {
        labels: ['true', 'false'],
        counts: [
          [20, 5],
          [10, 15],
        ],
      },
      alpha: null,
      pearson: null,
      disagreements_count: 15,
    });
    expect(body.kappa).toBeCloseTo(0.4, 10);
    expect(body.disagreements[0].judgments).toEqual(
      [
        { evaluator_id: judged, user: null, judgment: true },
        { evaluator_id: people, user: 'ada', judgment: false },
      ].toSorted((a, b) => a.evaluator_id.localeCompare(b.evaluator_id)),
    );
  });

  test('of numbers correlate; where several people judged, their mean counts', async () => {
    const people = await evaluatorAt('numbers/people', details('number'));
    const judged = await evaluatorAt('numbers/judge', details('number'));
    const logs = await logsAt('numbers/logs', 3);
    for (const [index, value] of [1, 2, 3].entries()) {
      await judge(judged, logs[index], value);
      await judge(people, logs[index], value * 2 - 1, 'ada');
      await judge(people, logs[index], value * 2 + 1, 'grace');
    }
    const { body } = await api.get(`/evaluators/${judged}/agreement?with=${people}`);
    expect(body).toMatchObject({ logs_count: 3, kappa: null, accuracy: null, confusion: null });
    expect(body.pearson).toBeCloseTo(1, 10);
  });

  test('a log on which the people are divided is left out', async () => {
    const spec = details('select', { options: [{ name: 'good' }, { name: 'bad' }] });
    const people = await evaluatorAt('divided/people', spec);
    const judged = await evaluatorAt('divided/judge', spec);
    const [one, two] = await logsAt('divided/logs', 2);
    for (const id of [one, two]) await judge(judged, id, 'good');
    await judge(people, one, 'good', 'ada');
    await judge(people, one, 'bad', 'grace');
    for (const user of ['ada', 'grace']) await judge(people, two, 'bad', user);
    await judge(people, two, 'good', 'joan');
    const { body } = await api.get(`/evaluators/${judged}/agreement?with=${people}`);
    expect(body).toMatchObject({
      logs_count: 1,
      accuracy: 0,
      confusion: {
        labels: ['good', 'bad'],
        counts: [
          [0, 1],
          [0, 0],
        ],
      },
      disagreements: [{ log_id: two }],
    });
  });
});

test('agreement is refused for texts, two return types, and what does not exist', async () => {
  const text = await evaluatorAt('refused/text', details('text'));
  const boolean = await evaluatorAt('refused/boolean', details('boolean'));
  const number = await evaluatorAt('refused/number', details('number'));
  const answers = [
    [`${text}/agreement`, 422, 'invalid'],
    [`${boolean}/agreement?with=${number}`, 422, 'invalid'],
    [`ev_x/agreement`, 404, 'file_not_found'],
    [`${boolean}/agreement?with=ev_x`, 404, 'file_not_found'],
    [`${boolean}/agreement?run_id=run_x`, 404, 'evaluation_run_not_found'],
  ] as const;
  for (const [url, statusCode, code] of answers) {
    const answer = await api.get(`/evaluators/${url}`);
    expect(answer, url).toMatchObject({ statusCode, body: { code } });
  }
});

test('agreement is refused for more than 50,000 judgments', async () => {
  const id = await evaluatorAt('many/people', details('boolean'));
  const [log] = await logsAt('many/logs', 1);
  await judge(id, log, true, 'ada');
  await api.database.pool.query(
    `INSERT INTO judgment SELECT (jsonb_populate_record(judgment,
        jsonb_build_object('judge', 'judge ' || n))).*
      FROM judgment CROSS JOIN generate_series(1, 50000) AS n WHERE evaluator_id = $1`,
    [id],
  );
  const { statusCode, body } = await api.get(`/evaluators/${id}/agreement`);
  expect(statusCode).toBe(422);
  expect(body).toMatchObject({ code: 'invalid', detail: [{ loc: ['query', 'run_id'] }] });
});

test('judges are counted with the logs that they alone have judged', async () => {
  const id = await evaluatorAt('alone/people', details('boolean'));
  const [one, two] = await logsAt('alone/logs', 2);
  for (const log of [one, two]) await judge(id, log, true, 'ada');
  await judge(id, one, true, 'grace');
  const { body } = await api.get(`/evaluators/${id}/agreement`);
  expect(body).toMatchObject({
    logs_count: 1,
    judges: [
      { user: 'ada', judgments_count: 2 },
      { user: 'grace', judgments_count: 1 },
    ],
  });
});
