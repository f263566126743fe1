import { afterAll, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { bootstrap } from '../accounts/first-start/bootstrap.ts';
import { insertOrganization } from '../accounts/first-start/organization-queries.ts';
import { openWorkspace, type Workspace } from '../database/workspace.ts';
import { createLogger } from '../kernel/logger.ts';
import { secretBox } from '../kernel/secret-box.ts';
import { expireKeys } from './key-queries.ts';
import { type Answer, KeyedRequests } from './keyed-requests.ts';

const database = await testDatabase();
const { organizationId } = await bootstrap(database, 'a-key');
const workspace = openWorkspace(database, organizationId);
const parts = {
  database,
  secrets: secretBox(Buffer.alloc(32, 1)),
  logger: createLogger('error', () => undefined),
};

/** Each stands for a server with a memory of its own. */
const servers = Array.from({ length: 20 }, () => new KeyedRequests(parts));
afterAll(() => Promise.all(servers.map((server) => server.stop())));

const [one, other] = servers as [KeyedRequests, KeyedRequests];
const done = (body: string): Answer => ({ status: 200, headers: {}, body });

test('of many servers one does what is asked, and the others wait for its commit', async () => {
  let times = 0;
  const request = { key: 'many', fingerprint: 'f' };
  const answers = await Promise.all(
    servers.map((server) =>
      server.answerInOneCommit(workspace, request, async () => done(`${++times}`)),
    ),
  );
  expect(answers.map(({ answer }) => answer)).toEqual(answers.map(() => done('1')));
  expect(answers.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
});

test('when it fails, one of those that wait does it instead', async () => {
  let times = 0;
  const request = { key: 'failing', fingerprint: 'f' };
  const answers = await Promise.allSettled(
    servers.map((server) =>
      server.answerInOneCommit(workspace, request, async () => {
        times += 1;
        if (times < 3) throw new Error('Not yet.');
        return done(`${times}`);
      }),
    ),
  );
  const [failed, answered] = ['rejected', 'fulfilled'].map((status) =>
    answers.filter((answer) => answer.status === status),
  );
  expect(failed).toHaveLength(2);
  for (const { value } of answered as PromiseFulfilledResult<{ answer: Answer }>[]) {
    expect(value.answer).toEqual(done('3'));
  }
});

test('the first answer is the one that is kept, and given', async () => {
  const request = { key: 'kept', fingerprint: 'f' };
  const claim = await one.claim(workspace, request, 'log_1');
  const repeat = await other.claim(workspace, request, 'log_2');
  expect(repeat).toMatchObject({ isRepeat: true, logId: 'log_1', answer: undefined });
  expect(await other.keep(workspace, repeat, done('by the other'))).toEqual(done('by the other'));
  expect(await one.hasChanged(workspace, claim)).toBe(true);
  expect(await one.keep(workspace, claim, done('late'))).toEqual(done('by the other'));
  expect((await one.claim(workspace, request, null)).answer).toEqual(done('by the other'));
});

test('a key that is given up keeps the id of its log, and what is late cannot take it back', async () => {
  const request = { key: 'free', fingerprint: 'f' };
  const claim = await one.claim(workspace, request, 'log_1');
  const repeat = await other.claim(workspace, request, 'log_2');
  await one.free(workspace, claim);
  const mended = await one.claim(workspace, { key: 'free', fingerprint: 'g' }, 'log_3');
  expect(mended).toMatchObject({ isRepeat: false, logId: 'log_1' });
  await other.free(workspace, repeat);
  expect(await other.keep(workspace, repeat, done('late'))).toEqual(done('late'));
  await expect(other.claim(workspace, request, null)).rejects.toMatchObject({
    code: 'idempotency_key_reused',
  });
  expect((await one.claim(workspace, { key: 'free', fingerprint: 'g' }, null)).answer).toBe(
    undefined,
  );
});

test('what has gone on with a run does not give up its key', async () => {
  const request = { key: 'begun', fingerprint: 'f' };
  const claim = await one.claim(workspace, request, null);
  await one.noteContinued(workspace, claim, 4);
  await other.noteContinued(workspace, claim, 9);
  await one.free(workspace, claim);
  expect(await other.claim(workspace, request, null)).toMatchObject({
    isRepeat: true,
    eventsBefore: 4,
  });
});

test('organizations that use one key at once each have an answer of their own', async () => {
  const second = openWorkspace(database, (await insertOrganization(database)).organizationId);
  const request = { key: 'everybody’s', fingerprint: 'f' };
  const answer = async ({ organizationId }: Workspace) => done(organizationId);
  const answers = await Promise.all(
    [workspace, second, workspace].map((each) => one.answerInOneCommit(each, request, answer)),
  );
  const [own, others] = [done(organizationId), done(second.organizationId)];
  expect(answers.map((each) => each.answer)).toEqual([own, others, own]);
  expect(answers.map(({ isRepeat }) => isRepeat)).toEqual([false, false, true]);

  // What is freed, answered or expired in one is not in the other.
  const held = { key: 'held by both', fingerprint: 'f' };
  const claim = await one.claim(workspace, held, 'log_own');
  const ofSecond = await one.claim(second, held, 'log_second');
  await one.free(second, { ...claim, key: held.key });
  await one.keep(second, ofSecond, done('of the second'));
  expect(await one.claim(workspace, held, null)).toMatchObject({
    isRepeat: true,
    logId: 'log_own',
    answer: undefined,
  });
  await database.pool.query(
    "DELETE FROM idempotency_key WHERE key = ANY('{everybody’s,held by both}')",
  );
});

test('an answer stays, whoever would free its key', async () => {
  const request = { key: 'answered', fingerprint: 'f' };
  const claim = await one.claim(workspace, request, null);
  await one.keep(workspace, claim, done('once'));
  await one.free(workspace, claim);
  expect((await one.claim(workspace, request, null)).answer).toEqual(done('once'));
});

test('a key of more than a day ago is taken by any request, and one of the last day is not', async () => {
  const aged = (age: string) =>
    database.pool.query(
      "UPDATE idempotency_key SET created_at = now() - $1::interval WHERE key = 'aged'",
      [age],
    );
  const other = { key: 'aged', fingerprint: 'g' };
  const claim = await one.claim(workspace, { key: 'aged', fingerprint: 'f' }, 'log_old');
  await one.keep(workspace, claim, done('of old'));
  await aged('23 h 59 min');
  await expect(one.claim(workspace, other, 'log_new')).rejects.toMatchObject({
    code: 'idempotency_key_reused',
  });
  await aged('24 h 1 s');
  const taken = await one.claim(workspace, other, 'log_new');
  expect(taken).toMatchObject({ isRepeat: false, logId: 'log_new', answer: undefined });
  // It is new again, for a day.
  expect(await one.claim(workspace, other, null)).toMatchObject({ isRepeat: true });
  await database.pool.query("DELETE FROM idempotency_key WHERE key = ANY('{aged,answered}')");
});

test('keys that are older than a day are removed, and no others', async () => {
  await database.pool.query(
    `UPDATE idempotency_key SET created_at = now() - interval '1 day' - interval '1 s'
    WHERE key IN ('many', 'kept')`,
  );
  const keys = async () => {
    const { rows } = await database.pool.query('SELECT key FROM idempotency_key ORDER BY key');
    return rows.map(({ key }) => key);
  };
  expect(await keys()).toEqual(['begun', 'failing', 'free', 'kept', 'many']);
  // A minute less than a day is not yet a day.
  await database.pool.query(
    `UPDATE idempotency_key SET created_at = now() - interval '23 h 59 min' WHERE key = 'free'`,
  );
  await expireKeys(database);
  expect(await keys()).toEqual(['begun', 'failing', 'free']);
});
