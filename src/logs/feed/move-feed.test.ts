import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { drainFeed } from '../../../test/support/feed.ts';
import { addOrganization } from '../../../test/support/organizations.ts';
import { bootstrap } from '../../accounts/first-start/bootstrap.ts';
import { openWorkspace, type Workspace } from '../../database/workspace.ts';
import { agentKind } from '../../files/kinds/agent.ts';
import { upsertVersion } from '../../files/upsert-version.ts';
import { systemClock } from '../../kernel/clock.ts';
import { createLogger } from '../../kernel/logger.ts';
import { deleteLogs, insertLog, updateLog } from '../log-queries.ts';
import type { LogRecord } from '../log-record.ts';
import { newLogRecord } from '../new-log.ts';
import { completesLog, type FedLog, type FeedConsumer } from './feed-consumer.ts';
import { rowsAtOnce } from './feed-queries.ts';
import { LogFeed } from './log-feed.ts';
import { moveFeed } from './move-feed.ts';

const database = await testDatabase();
const { organizationId, memberId } = await bootstrap(database, 'a-key-for-tests-only');
const workspace = openWorkspace(database, organizationId, memberId);

await database.pool.query(
  `CREATE TABLE received (number bigint GENERATED ALWAYS AS IDENTITY, consumer text, organization text,
    log text, change text, completes boolean)`,
);

/** A consumer that stores what it receives, in the transaction of the feed. */
function consumerNamed(name: string): FeedConsumer {
  return {
    name,
    async consume(db, logs) {
      for (const log of logs) {
        await sql`INSERT INTO received (consumer, organization, log, change, completes) VALUES
          (${name}, ${log.organizationId}, ${log.id}, ${log.change}, ${completesLog(log)})`.execute(
          db,
        );
      }
    },
  };
}

const one = consumerNamed('one');

/** A consumer that stores all logs it receives, and then fails at some. */
function failing(isPoison: (log: FedLog) => boolean): FeedConsumer {
  const { name, consume } = consumerNamed('failing');
  return {
    name,
    async consume(db, logs) {
      await consume(db, logs);
      const poison = logs.find(isPoison);
      if (poison) throw new Error(`No to ${poison.id}.`);
    },
  };
}

/** What a consumer has received of a log, in order. */
async function received(log: string, consumer = 'one'): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ text: string }>(
    `SELECT change || CASE WHEN completes THEN ', completed' ELSE '' END AS text FROM received
    WHERE log = $1 AND consumer = $2 ORDER BY number`,
    [log, consumer],
  );
  return rows.map(({ text }) => text);
}

async function waitingRows(): Promise<number> {
  const { rows } = await database.pool.query('SELECT FROM log_feed');
  return rows.length;
}

/** Makes all postponed rows due. */
async function passTime(): Promise<void> {
  await database.pool.query('UPDATE log_feed SET retry_at = now() WHERE retry_at IS NOT NULL');
}

const logged: string[] = [];
const logger = createLogger('info', (line) => logged.push(line));
const move = (...consumers: FeedConsumer[]) => moveFeed(database, consumers, logger);

async function make(
  id: string,
  status: LogRecord['log_status'] = null,
  { db, organizationId }: Workspace = workspace,
): Promise<string> {
  const owner: Workspace = { db, organizationId, memberId: null, keyId: null };
  const version = await upsertVersion(owner, agentKind, { path: 'fed', spec: { model: 'm' } });
  const options = { clock: systemClock, environment: undefined, requestFingerprint: null };
  const record = newLogRecord(version, { log_id: id, log_status: status }, options);
  await insertLog(owner, record);
  return id;
}

const change = (id: string, changes: Partial<LogRecord>) => updateLog(workspace, id, changes);

beforeEach(async () => {
  logged.length = 0;
  await passTime();
  await drainFeed(database, []);
});

describe('the feed', () => {
  test('passes on each write of a log once, in order, however many servers move it', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `each-${index}`);
    const lives = ids.map(async (id) => {
      await make(id, 'incomplete');
      await change(id, { log_status: 'complete', output: 'first' });
      await change(id, { output: 'second' });
      await deleteLogs(workspace, [id]);
    });
    const movers = Array.from({ length: 4 }, async () => {
      for (let round = 0; round < 20; round += 1) await move(one);
    });
    await Promise.all([...lives, ...movers]);
    await drainFeed(database, [one]);
    for (const id of ids) {
      expect(await received(id)).toEqual(['made', 'changed, completed', 'changed', 'deleted']);
    }
  });

  test.each<[string, () => Promise<unknown>, readonly string[]]>([
    ['a log that says no status is complete', () => make('a'), ['made, completed']],
    ['so is one that says so', () => make('b', 'complete'), ['made, completed']],
    [
      'changes of an incomplete log are passed on once, when it is completed',
      async () => {
        await make('c', 'incomplete');
        await change('c', { output: 'begun' });
        await change('c', { output: 'ended', log_status: 'complete' });
      },
      ['made', 'changed, completed'],
    ],
    [
      'of a complete log, changes of its texts are passed on, and changes of its cost are not',
      async () => {
        await make('d', 'complete');
        await change('d', { prompt_cost: 1, end_time: '2026-05-01T12:00:00.000000Z' });
        await change('d', { metadata: { a: 1 } });
        await change('d', { metadata: { a: 1 }, log_status: 'complete' });
        await change('d', { inputs: { a: 1 } });
        await change('d', { output_message: { role: 'assistant', content: 'x' } });
      },
      ['made, completed', 'changed', 'changed', 'changed'],
    ],
    [
      'a log that is opened again is completed again',
      async () => {
        await make('e');
        await change('e', { log_status: 'incomplete' });
        await change('e', { log_status: 'complete' });
      },
      ['made, completed', 'changed', 'changed, completed'],
    ],
  ])('%s', async (_, write, expected) => {
    const { rows } = await database.pool.query(
      'SELECT coalesce(max(number), 0) AS last FROM received',
    );
    await write();
    await drainFeed(database, [one]);
    const { rows: ids } = await database.pool.query<{ log: string }>(
      'SELECT DISTINCT log FROM received WHERE number > $1',
      [rows[0].last],
    );
    expect(ids).toHaveLength(1);
    expect(await received(ids[0]?.log ?? '')).toEqual(expected);
  });

  test('passes on a write only after its commit', async () => {
    const undone = workspace.db.transaction().execute(async (db) => {
      await make('undone', null, { ...workspace, db });
      await move(one);
      throw new Error('Changed my mind.');
    });
    await expect(undone).rejects.toThrow('Changed my mind.');
    await drainFeed(database, [one]);
    expect(await received('undone')).toEqual([]);
  });

  test('moves rows of each organization, so that one with many rows does not delay another', async () => {
    const { organizationId: theirs } = await addOrganization({ database }, 'another-key');
    await database.pool.query(
      `INSERT INTO log_feed (organization_id, file_id, version_id, type, change, was_complete,
        is_complete, log_ids)
      SELECT $1, 'f', 'v', 'agent', 'made', false, true, ARRAY['crowd-' || n]
      FROM generate_series(1, $2::integer) AS n`,
      [organizationId, rowsAtOnce + 50],
    );
    await make('lonely', null, openWorkspace(database, theirs));
    expect(await move(one)).toEqual({ logs: rowsAtOnce + 1, isMore: true });
    expect(await received('lonely')).toEqual(['made, completed']);
    expect(await move(one)).toMatchObject({ isMore: false });
  });

  test('passes on what is left when rows are deleted meanwhile, as with their organization', async () => {
    await make('left');
    await make('gone');
    let asked = 0;
    const deleting: FeedConsumer = {
      name: 'deleting',
      async consume(db, logs) {
        await one.consume(db, logs);
        asked += 1;
        if (asked === 1) {
          await database.pool.query("DELETE FROM log_feed WHERE log_ids = ARRAY['gone']");
        }
      },
    };
    const moved = Promise.withResolvers<void>();
    const feed = new LogFeed(database, [deleting], { logger, onMoved: moved.resolve });
    feed.wake();
    await moved.promise;
    await feed.stop();
    expect(await received('left')).toEqual(['made, completed']);
    expect(await received('gone')).toEqual([]);
    expect(logged).toEqual([]);
  });
});

describe('a consumer that fails', () => {
  test('has no effect, and neither has any other, until all succeed', async () => {
    await make('resisted');
    let isDown = true;
    const other = failing(() => isDown);
    await move(one, other);
    expect(await received('resisted')).toEqual([]);
    expect(await waitingRows()).toBe(1);
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({
      level: 'error',
      error: 'The consumer `failing` failed.',
      cause: 'No to resisted.',
      logIds: ['resisted'],
      tries: 1,
    });

    isDown = false;
    await move(one, other);
    expect(await received('resisted')).toEqual([]);
    await passTime();
    await move(one, other);
    expect(await received('resisted')).toEqual(['made, completed']);
    expect(await received('resisted', 'failing')).toEqual(['made, completed']);
    expect(await waitingRows()).toBe(0);
  });

  test('holds up the logs that it fails at, in their order, and no others', async () => {
    const poisoned = failing(({ id }) => id === 'poison');
    await make('poison', 'incomplete');
    await make('before');
    await move(one, poisoned);
    await change('poison', { log_status: 'complete' });
    await make('after');
    await move(one, poisoned);
    await passTime();
    await move(one, poisoned);
    expect(await received('before')).toEqual(['made, completed']);
    expect(await received('after')).toEqual(['made, completed']);
    expect(await received('poison')).toEqual([]);

    await passTime();
    await move(one);
    expect(await received('poison')).toEqual(['made', 'changed, completed']);
  });

  test('that fails at every row is not asked for each of a thousand', async () => {
    await database.pool.query(
      `INSERT INTO log_feed (organization_id, file_id, version_id, type, change, was_complete,
        is_complete, log_ids)
      SELECT $1, 'f', 'v', 'agent', 'changed', true, true, ARRAY['down-' || n % 400]
      FROM generate_series(1, $2::integer) AS n`,
      [organizationId, rowsAtOnce],
    );
    const down = failing(() => true);
    expect(await move(down)).toEqual({ logs: 0, isMore: false });
    expect(logged).toHaveLength(20);
    await passTime();
    expect(await move(down)).toEqual({ logs: 0, isMore: false });
    await passTime();
    expect(await move(one)).toMatchObject({ logs: rowsAtOnce });
    expect(await received('down-1')).toEqual(['changed', 'changed', 'changed']);
  });

  test('is asked again ever more rarely', async () => {
    await make('given-up');
    const never = failing(() => true);
    const waits: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      await move(never);
      const { rows } = await database.pool.query<{ seconds: number }>(
        'SELECT round(extract(epoch FROM retry_at - now()))::int AS seconds FROM log_feed',
      );
      waits.push(rows[0]?.seconds ?? 0);
      await passTime();
    }
    expect(waits.slice(2, 5).map((seconds) => 2 ** Math.round(Math.log2(seconds)))).toEqual([
      4, 8, 16,
    ]);
    expect(waits.at(-1)).toBeGreaterThan(3_500);
    expect(waits.at(-1)).toBeLessThanOrEqual(3_600);
  });
});
