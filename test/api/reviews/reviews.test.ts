import { describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { addColleague } from '../../support/reviewers.ts';

const api = await testApp();
const ada = await addColleague(api, 'ada');
const grace = await addColleague(api, 'grace');

const rating = {
  evaluator_type: 'human',
  arguments_type: 'target_free',
  return_type: 'select',
  options: [{ name: 'good' }, { name: 'bad' }],
};

interface Watched {
  readonly fileId: string;
  readonly evaluatorId: string;
  readonly versionId: string;
  /** Adds logs. @returns their ids, oldest first. */
  log(...outputs: string[]): Promise<string[]>;
}

/** A prompt that a human evaluator monitors. */
async function watchedPrompt(
  path: string,
  spec: object = rating,
  more: object = {},
): Promise<Watched> {
  const { body: evaluator } = await api.post('/evaluators', { path: `${path}/rating`, spec });
  const { body: prompt } = await api.post('/prompts', { path: `${path}/prompt`, model: 'gpt-4o' });
  await api.post(`/prompts/${prompt.id}/evaluators`, {
    activate: [{ evaluator_version_id: evaluator.version_id, ...more }],
  });
  return {
    fileId: prompt.id,
    evaluatorId: evaluator.id,
    versionId: evaluator.version_id,
    async log(...outputs) {
      const ids: string[] = [];
      for (const output of outputs) {
        ids.push((await api.post('/prompts/log', { id: prompt.id, output })).body.id);
      }
      return ids;
    },
  };
}

const next = async (reviewer: Pick<typeof ada, 'post'>, file_id: string) =>
  (await reviewer.post('/reviews/next', { file_id })).body.review;

/** Lets a reservation expire. */
async function expire(logId: string): Promise<void> {
  await api.database.pool.query(
    `UPDATE review_reservation SET expires_at = now() - interval '1 second' WHERE log_id = $1`,
    [logId],
  );
}

describe('the next review', () => {
  test('is the oldest log that waits, whole, and without any judgment', async () => {
    const { fileId, evaluatorId, versionId, log } = await watchedPrompt('next/whole');
    const [first] = await log('one', 'two');
    const other = await api.post('/evaluators', {
      path: 'next/whole/other',
      spec: { evaluator_type: 'external', arguments_type: 'target_free', return_type: 'boolean' },
    });
    await api.post('/evaluators/log', { id: other.body.id, parent_id: first, judgment: false });
    const review = await next(ada, fileId);
    expect(review).toMatchObject({
      id: `${versionId}.${first}`,
      state: 'reserved',
      log: { id: first, output: 'one', prompt: { id: fileId } },
      evaluator: { id: evaluatorId, spec: rating },
      run_ids: [],
      reviews_per_log: 1,
      reviews_count: 0,
      reviews: null,
    });
    expect(review.log.evaluator_logs).toEqual([]);
    const minutes = (Date.parse(review.reserved_until) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(29);
    expect(minutes).toBeLessThanOrEqual(30);
  });

  test('differs for reviewers who ask at once, and for one who asks again', async () => {
    const { fileId, log } = await watchedPrompt('next/at-once');
    const ids = await log('one', 'two', 'three', 'four');
    const reviews = await Promise.all([ada, grace, ada, grace].map((who) => next(who, fileId)));
    expect(reviews.map(({ log }) => log.id).toSorted()).toEqual(ids.toSorted());
    expect(await next(ada, fileId)).toBeNull();
  });

  test('is given at once while others write theirs, and each place only once', async () => {
    const { fileId, log } = await watchedPrompt('next/while-writing');
    const ids = await log('one', 'two');
    const { id, log: first } = await next(ada, fileId);
    // Whoever judges a log waits for this transaction.
    const blocker = await api.database.pool.connect();
    try {
      await blocker.query('BEGIN');
      await blocker.query('SELECT FROM log WHERE id = $1 FOR UPDATE', [first.id]);
      const writing = ada.post(`/reviews/${id}`, { judgment: 'good' });
      const waiting = () =>
        blocker.query('SELECT FROM pg_locks WHERE NOT granted').then(({ rowCount }) => rowCount);
      await expect.poll(waiting).toBeGreaterThan(0);
      const [other, none] = await Promise.all([next(grace, fileId), next(api, fileId)]);
      expect([other ?? none].map(({ log }) => log.id)).toEqual([ids[1]]);
      expect([other, none]).toContain(null);
      await blocker.query('COMMIT');
      expect((await writing).statusCode).toBe(200);
    } finally {
      blocker.release(true);
    }
  });

  test('goes to two who ask at once, when two are to judge one log', async () => {
    const { fileId, log } = await watchedPrompt('next/two-at-once', {
      ...rating,
      attributes: { reviews_per_log: 2 },
    });
    const [id] = await log('one');
    const reviews = await Promise.all([ada, grace, api].map((who) => next(who, fileId)));
    expect(reviews.filter((review) => review?.log.id === id)).toHaveLength(2);
  });

  test('is one whose reservation has expired', async () => {
    const { fileId, log } = await watchedPrompt('next/expired');
    const [id = ''] = await log('one');
    expect((await next(ada, fileId)).log.id).toBe(id);
    expect(await next(grace, fileId)).toBeNull();
    await expire(id);
    expect((await next(grace, fileId)).log.id).toBe(id);
  });

  test('is one whose reservation was given back', async () => {
    const { fileId, log } = await watchedPrompt('next/released');
    await log('one');
    const { id } = await next(ada, fileId);
    expect((await grace.delete(`/reviews/${id}/reservation`)).statusCode).toBe(204);
    expect(await next(grace, fileId)).toBeNull();
    expect((await ada.delete(`/reviews/${id}/reservation`)).statusCode).toBe(204);
    expect((await next(grace, fileId)).id).toBe(id);
  });

  test('goes to as many people as the evaluator asks for', async () => {
    const { fileId, log } = await watchedPrompt('next/twice', {
      ...rating,
      attributes: { reviews_per_log: 2 },
    });
    await log('one');
    const review = await next(ada, fileId);
    expect(review.reviews_per_log).toBe(2);
    expect(await next(ada, fileId)).toBeNull();
    expect((await next(grace, fileId)).id).toBe(review.id);
    expect(await next(api, fileId)).toBeNull();
  });

  test('is no log that is incomplete, or older than the monitor', async () => {
    const { body: prompt } = await api.post('/flows', { path: 'next/none', attributes: {} });
    const { body: evaluator } = await api.post('/evaluators', {
      path: 'next/none-by',
      spec: rating,
    });
    await api.post('/flows/log', {
      id: prompt.id,
      inputs: {},
      output: 'before',
      log_status: 'complete',
    });
    await api.post(`/flows/${prompt.id}/evaluators`, {
      activate: [{ evaluator_version_id: evaluator.version_id }],
    });
    const { body: open } = await api.post('/flows/log', {
      id: prompt.id,
      log_status: 'incomplete',
    });
    expect(await next(ada, prompt.id)).toBeNull();
    const done = { inputs: {}, output: 'done', log_status: 'complete' };
    expect((await api.patch(`/flows/logs/${open.id}`, done)).statusCode).toBe(200);
    expect((await next(ada, prompt.id)).log.id).toBe(open.id);
  });
});

test('of a monitor with a sample rate, a part of the logs waits, and always the same one', async () => {
  const { fileId, log } = await watchedPrompt('sampled', rating, { sample_rate: 0.5 });
  const ids = await log(...Array.from({ length: 40 }, (_, index) => String(index)));
  const list = async (): Promise<string[]> =>
    (await ada.get(`/reviews?file_id=${fileId}&size=100`)).body.records.map(
      ({ log: { id } }: { log: { id: string } }) => id,
    );
  const sampled = await list();
  expect(sampled.length).toBeGreaterThan(0);
  expect(sampled.length).toBeLessThan(ids.length);
  expect(await list()).toEqual(sampled);
});

describe('a review', () => {
  test('becomes an evaluator log of the member, and only then shows what others said', async () => {
    const { fileId, evaluatorId, log } = await watchedPrompt('given/two', {
      ...rating,
      attributes: { reviews_per_log: 2 },
    });
    const [logId] = await log('one');
    const { id } = await next(ada, fileId);
    const { body: first } = await ada.post(`/reviews/${id}`, { judgment: 'good', note: 'Polite.' });
    expect(first).toMatchObject({
      state: 'done',
      reviews_count: 1,
      reviews: [{ judgment: 'good' }],
    });

    const seen = await next(grace, fileId);
    expect(seen).toMatchObject({
      id,
      reviews_count: 1,
      reviews: null,
      log: { evaluator_logs: [] },
    });
    const { body: listed } = await grace.get(`/reviews?file_id=${fileId}&state=mine`);
    expect(listed.records).toMatchObject([{ id, reviews: null }]);
    const { body: second } = await grace.post(`/reviews/${id}`, { judgment: 'bad' });
    expect(second.reviews).toMatchObject([{ judgment: 'good' }, { judgment: 'bad' }]);

    const { body } = await api.get(`/logs/${logId}`);
    expect(body.evaluator_logs).toMatchObject([
      {
        judgment: 'good',
        output: 'Polite.',
        user: ada.memberId,
        source: 'review',
        parent_id: logId,
        evaluator: { id: evaluatorId },
      },
      { judgment: 'bad', output: null, user: grace.memberId },
    ]);
    expect(await next(api, fileId)).toBeNull();
  });

  test('may be given without a reservation, and changed by who gave it', async () => {
    const { fileId, versionId, log } = await watchedPrompt('given/changed');
    const [logId] = await log('one');
    const url = `/reviews/${versionId}.${logId}`;
    expect((await ada.post(url, { judgment: 'good' })).statusCode).toBe(200);
    expect((await ada.post(url, { judgment: 'bad' })).body.reviews_count).toBe(1);
    expect(await grace.post(url, { judgment: 'good' })).toMatchObject({
      statusCode: 409,
      body: { code: 'review_taken' },
    });
    expect(await next(grace, fileId)).toBeNull();
  });

  test('is refused while somebody else has reserved it', async () => {
    const { fileId, log } = await watchedPrompt('given/reserved');
    await log('one');
    const { id } = await next(ada, fileId);
    const answer = await grace.post(`/reviews/${id}`, { judgment: 'good' });
    expect(answer).toMatchObject({ statusCode: 409, body: { code: 'review_taken' } });
    expect((await ada.post(`/reviews/${id}`, { judgment: 'good' })).statusCode).toBe(200);
  });

  test('can be skipped: somebody else gets it', async () => {
    const { fileId, log } = await watchedPrompt('given/skipped');
    await log('one');
    const { id } = await next(ada, fileId);
    expect((await ada.post(`/reviews/${id}`, { skip: true })).body).toMatchObject({
      state: 'skipped',
      reviews: null,
    });
    expect(await next(ada, fileId)).toBeNull();
    expect((await next(grace, fileId)).id).toBe(id);
  });

  test('of null is an abstention, and counts', async () => {
    const { fileId, log } = await watchedPrompt('given/null');
    await log('one');
    const { id } = await next(ada, fileId);
    const { body } = await ada.post(`/reviews/${id}`, { judgment: null });
    expect(body).toMatchObject({ state: 'done', reviews: [{ judgment: null, error: null }] });
    expect(await next(grace, fileId)).toBeNull();
  });

  test.each([
    [{ judgment: 'good', skip: true }, ['body', 'judgment']],
    [{ judgment: 'so-so' }, ['body', 'judgment']],
    [{ judgment: 1 }, ['body', 'judgment']],
    [{ judgment: 'good', note: 1 }, ['body', 'note']],
    [{ judgment: 'good', skip: 'no' }, ['body', 'skip']],
  ])('is refused with %j, and stays reserved', async (body, loc) => {
    const { fileId, log } = await watchedPrompt(
      `bad/${JSON.stringify(body).replaceAll(/\W/g, '')}`,
    );
    await log('one');
    const { id } = await next(ada, fileId);
    const answer = await ada.post(`/reviews/${id}`, body);
    expect(answer).toMatchObject({ statusCode: 422, body: { detail: [{ loc }] } });
    expect((await ada.post(`/reviews/${id}`, { judgment: 'bad' })).statusCode).toBe(200);
  });

  test('that nobody asked for is not found', async () => {
    const { versionId, log } = await watchedPrompt('unknown/review');
    const [logId] = await log('one');
    const { body: unwatched } = await api.post('/evaluators', { path: 'unknown/by', spec: rating });
    for (const id of [
      'x',
      `${versionId}.`,
      `.${logId}`,
      `${versionId}.log_x`,
      `evv_x.${logId}`,
      `${unwatched.version_id}.${logId}`,
    ]) {
      const answer = await ada.post(`/reviews/${id}`, { judgment: 'good' });
      expect(answer, id).toMatchObject({ statusCode: 404, body: { code: 'review_not_found' } });
    }
  });
});

describe('the list of reviews', () => {
  test('shows open, reserved and given ones, by pages', async () => {
    const { fileId, evaluatorId, log } = await watchedPrompt('list/states');
    const ids = await log('one', 'two', 'three', 'four');
    const list = async (reviewer: Pick<typeof ada, 'get'>, query: string) => {
      const { body } = await reviewer.get(`/reviews?file_id=${fileId}&${query}`);
      return { ...body, records: body.records.map(({ log }: { log: { id: string } }) => log.id) };
    };
    const { id } = await next(ada, fileId);
    await ada.post(`/reviews/${id}`, { judgment: 'good' });
    await next(ada, fileId);
    expect(await list(ada, 'state=done')).toMatchObject({ records: [ids[0]], total: 1 });
    expect(await list(ada, 'state=mine')).toMatchObject({ records: [ids[1]], total: 1 });
    expect(await list(ada, '')).toMatchObject({ records: [ids[2], ids[3]], total: 2 });
    expect(await list(grace, 'size=1&page=2')).toEqual({
      records: [ids[3]],
      page: 2,
      size: 1,
      total: 2,
    });
    expect(await list(grace, 'state=done')).toMatchObject({ records: [], total: 0 });
    expect(await list(ada, `evaluator_id=${evaluatorId}`)).toMatchObject({ total: 2 });
    const { body } = await ada.get(`/reviews?file_id=${fileId}`);
    expect(body.records[0]).toMatchObject({
      state: 'open',
      log: { path: 'list/states/prompt', output: 'three' },
      reserved_until: null,
    });
  });

  test.each([
    ['file_id', 'pr_x', 'file_not_found'],
    ['evaluator_id', 'ev_x', 'file_not_found'],
    ['run_id', 'run_x', 'evaluation_run_not_found'],
  ])('and the next review are not found for an unknown %s', async (name, id, code) => {
    const refused = { statusCode: 404, body: { code } };
    expect(await ada.get(`/reviews?${name}=${id}`)).toMatchObject(refused);
    expect(await ada.post('/reviews/next', { [name]: id })).toMatchObject(refused);
  });

  test('counts open reviews up to 1,000', async () => {
    const { fileId, log } = await watchedPrompt('list/many');
    const [id] = await log('one');
    await api.database.pool.query(
      `INSERT INTO log SELECT (jsonb_populate_record(log, jsonb_build_object(
          'id', id || n, 'trace_id', id || n))).*
        FROM log CROSS JOIN generate_series(1, 1100) AS n WHERE id = $1`,
      [id],
    );
    const { body } = await ada.get(`/reviews?file_id=${fileId}&size=3&page=350`);
    expect(body).toMatchObject({ total: 1_000, records: [{}, {}, {}] });
  });

  test('loses a log that is deleted, and reviews of an evaluator that is', async () => {
    const { fileId, evaluatorId, log } = await watchedPrompt('list/deleted');
    const [first] = await log('one', 'two');
    const total = async () => (await ada.get(`/reviews?file_id=${fileId}`)).body.total;
    await api.delete(`/logs?id=${first}`);
    expect(await total()).toBe(1);
    await api.delete(`/evaluators/${evaluatorId}`);
    expect(await total()).toBe(0);
  });
});
