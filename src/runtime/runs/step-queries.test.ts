import { beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { bootstrap } from '../../accounts/first-start/bootstrap.ts';
import { openWorkspace, type Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { agentKind } from '../../files/kinds/agent.ts';
import { upsertVersion } from '../../files/upsert-version.ts';
import { systemClock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { findLog } from '../../logs/log-queries.ts';
import type { LogRecord, LogView, TurnRecord } from '../../logs/log-record.ts';
import { newLogRecord } from '../../logs/new-log.ts';
import type { Lease } from '../leases/lease.ts';
import { releaseLeases, renewLeases } from '../leases/lease-queries.ts';
import { seizeRun } from '../leases/takeover-queries.ts';
import { claimInterruptedRun, claimSuspendedRun } from './claim-queries.ts';
import { openRun } from './open-run-queries.ts';
import { dropRun, expireSealedRuns, interruptRun } from './rest-queries.ts';
import { commitRest, commitToolResult, commitTurn } from './step-queries.ts';

const database = await testDatabase();
const { organizationId, memberId } = await bootstrap(database, 'a-key-for-tests-only');
const workspace: Workspace = openWorkspace(database, organizationId, memberId);
const owner = newId('own');
const holder = { owner, leaseSeconds: 15 };
const opening = { keepOpen: false, options: {}, parentLogId: null, eventCount: 1 };

let version: FileVersion;
beforeAll(async () => {
  version = await upsertVersion(workspace, agentKind, { path: 'a', spec: { model: 'm' } });
});

function newRecord(): LogRecord {
  const options = { clock: systemClock, environment: undefined, requestFingerprint: null };
  return { ...newLogRecord(version, {}, options), log_status: 'incomplete' };
}

async function opened(): Promise<{ readonly record: LogRecord; readonly lease: Lease }> {
  const record = newRecord();
  return { record, lease: await openRun(workspace, { record, holder, ...opening }) };
}

const turn = (number: number): TurnRecord => ({
  number,
  started_at: '2026-05-01T12:00:00.000000Z',
  first_token_at: null,
  ended_at: '2026-05-01T12:00:01.000000Z',
  provider: 'mock',
  model: 'm',
  finish_reason: 'stop',
  error: null,
  input_tokens: 1,
  cache_read_tokens: null,
  cache_write_tokens: null,
  output_tokens: 2,
  reasoning_tokens: null,
  prompt_cost: 0.000002,
  output_cost: null,
  price_table: 'a table',
  message: { role: 'assistant', content: `turn ${number}` },
  parts: null,
  results: [],
  continuation: null,
  provider_request: { messages: [] },
  shared_messages: 0,
  provider_response: null,
});

const progress = { iterations: 1, eventCount: 3, events: [] };

async function stored(record: LogRecord): Promise<LogView> {
  const view = await findLog(workspace, record.id);
  if (!view) throw new Error('The log is gone.');
  return view;
}

async function suspend(lease: Lease, record: LogRecord): Promise<void> {
  await commitRest(workspace, lease, {
    ...progress,
    state: 'suspended',
    turn: turn(1),
    record,
    sealed: null,
  });
}

const claim = {
  holder,
  turnNumber: 1,
  continuation: [],
  fingerprint: 'f',
  options: {},
  save: true,
  event: { type: 'agent_turn_continue', at: '2026-05-01T12:00:02.000000Z' },
};

test('a log and its run are opened in one commit, and hold a lease', async () => {
  const { record } = await opened();
  const { run } = await stored(record);
  expect(run).toMatchObject({
    state: 'running',
    lease_owner: owner,
    lease_token: 1,
    iterations: 0,
  });
  expect(Date.parse(run?.lease_expires_at ?? '')).toBeGreaterThan(Date.now());
});

test('a turn is appended, and the run is where it says', async () => {
  const { record, lease } = await opened();
  await commitTurn(workspace, lease, turn(1), { ...progress, save: true });
  await commitTurn(workspace, lease, turn(2), {
    ...progress,
    iterations: 2,
    eventCount: 6,
    save: true,
  });
  const { turns, run } = await stored(record);
  expect(turns).toMatchObject([turn(1), turn(2)]);
  expect(run).toMatchObject({ iterations: 2, event_count: 6 });
});

test('a run that rests is suspended with its last turn, or gone with its log complete', async () => {
  const { record, lease } = await opened();
  await suspend(lease, record);
  expect(await stored(record)).toMatchObject({
    turns: [turn(1)],
    run: { state: 'suspended', lease_owner: null, lease_expires_at: null, event_count: 3 },
  });
  const next = await claimSuspendedRun(workspace, lease, claim);
  await commitRest(workspace, next as Lease, {
    ...progress,
    state: 'ended',
    turn: null,
    record: { ...record, log_status: 'complete', output: 'Done.' },
    sealed: null,
  });
  expect(await stored(record)).toMatchObject({
    record: { log_status: 'complete', output: 'Done.' },
    turns: [{ ...turn(1), continuation: [] }],
    run: null,
  });
});

test('of many that claim a suspended run at once, one does', async () => {
  const { record, lease } = await opened();
  await suspend(lease, record);
  const claims = await Promise.all(
    Array.from({ length: 8 }, () => claimSuspendedRun(workspace, lease, claim)),
  );
  expect(claims.filter((taken) => taken !== undefined)).toEqual([{ logId: record.id, token: 2 }]);
});

describe('a stale lease', () => {
  const writes = {
    'a turn': (lease: Lease) =>
      commitTurn(workspace, lease, turn(2), {
        ...progress,
        iterations: 2,
        eventCount: 9,
        save: true,
      }),
    'a tool result': (lease: Lease) =>
      commitToolResult(workspace, lease, {
        turnNumber: 1,
        message: { role: 'tool', tool_call_id: 'x', content: 'late' },
        childLog: { ...newRecord(), trace_parent_id: lease.logId },
        childTurn: turn(1),
        progress,
        save: true,
      }),
    'a suspension': (lease: Lease) =>
      commitRest(workspace, lease, {
        ...progress,
        state: 'suspended',
        turn: turn(2),
        record: { ...newRecord(), output: 'late' },
        sealed: null,
      }),
    'an end': (lease: Lease) =>
      commitRest(workspace, lease, {
        ...progress,
        state: 'ended',
        turn: turn(2),
        record: { ...newRecord(), output: 'late' },
        sealed: null,
      }),
  };

  test.each(Object.entries(writes))('writes nothing of %s', async (_, write) => {
    const { record, lease } = await opened();
    await commitTurn(workspace, lease, turn(1), { ...progress, save: true });
    const taken = `own_${newId('own')}`;
    await database.pool.query(
      'UPDATE run SET lease_token = lease_token + 1, lease_owner = $2 WHERE log_id = $1',
      [record.id, taken],
    );
    const before = await stored(record);
    const logs = await countLogs();
    await expect(write(lease)).rejects.toMatchObject({ code: 'run_taken_over' });
    expect(await stored(record)).toEqual(before);
    expect(await countLogs()).toBe(logs);
  });

  test('is what a process holds after it released its leases', async () => {
    const { record, lease } = await opened();
    await releaseLeases(database, [{ organizationId, ...lease, eventCount: 7 }]);
    const { run } = await stored(record);
    expect(run).toMatchObject({ state: 'running', lease_owner: null, event_count: 7 });
    expect(Date.parse(run?.lease_expires_at ?? '')).toBeLessThanOrEqual(Date.now());
    await expect(
      commitTurn(workspace, lease, turn(1), { ...progress, save: true }),
    ).rejects.toMatchObject({ code: 'run_taken_over' });
  });
});

test('renewing extends the leases that are named, and only under their tokens', async () => {
  const [mine, stale] = await Promise.all([opened(), opened()]);
  await database.pool.query("UPDATE run SET lease_expires_at = now() - interval '1 minute'");
  await renewLeases(database, holder, [
    { organizationId, ...mine.lease },
    { organizationId, ...stale.lease, token: 9 },
  ]);
  const [renewed, left] = await Promise.all(
    [mine, stale].map(async ({ record }) =>
      Date.parse((await stored(record)).run?.lease_expires_at ?? ''),
    ),
  );
  expect(renewed).toBeGreaterThan(Date.now());
  expect(left).toBeLessThan(Date.now());
});

test('a sealed conversation is kept no longer than it may be', async () => {
  const { record, lease } = await opened();
  await commitRest(workspace, lease, {
    ...progress,
    state: 'suspended',
    turn: turn(1),
    record: { ...record, save: false },
    sealed: Buffer.from('sealed'),
  });
  await expireSealedRuns(database, 24);
  expect((await stored(record)).run).toMatchObject({ state: 'suspended' });
  await database.pool.query(
    "UPDATE run SET suspended_at = now() - interval '25 hours' WHERE log_id = $1",
    [record.id],
  );
  await expireSealedRuns(database, 24);
  expect(await stored(record)).toMatchObject({ record: { log_status: 'complete' }, run: null });
});

async function countLogs(): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    'SELECT count(*) AS count FROM log',
  );
  return rows[0]?.count ?? 0;
}

const interruption = {
  type: 'agent_turn_suspend',
  at: '2026-05-01T12:00:02.000000Z',
  turns: 0,
  error: 'The key is gone.',
} as const;

test.each<[string, 'running' | 'interrupted', (lease: Lease) => Promise<unknown>]>([
  ['to seize it', 'running', (lease) => seizeRun(workspace, lease, holder, { cancels: true })],
  ['to interrupt it', 'running', (lease) => interruptRun(workspace, lease, interruption)],
  ['to drop it', 'running', (lease) => dropRun(workspace, lease)],
  [
    'to continue it with keys',
    'interrupted',
    (lease) => claimInterruptedRun(workspace, lease, claim),
  ],
])('of a run under another token nothing is changed: %s', async (_what, state, write) => {
  const { record, lease } = await opened();
  if (state === 'interrupted') await interruptRun(workspace, lease, interruption);
  const token = (await stored(record)).run?.lease_token ?? Number.NaN;
  const before = await rowsOf(record);
  for (const other of [token - 1, token + 1]) await write({ ...lease, token: other });
  expect(await rowsOf(record)).toEqual(before);
  await write({ ...lease, token });
  expect(await rowsOf(record)).not.toEqual(before);
});

/** All that is stored of a log and its run, as text. */
async function rowsOf({ id }: LogRecord): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ text: string }>(
    `SELECT run::text AS text FROM run WHERE log_id = $1
    UNION ALL SELECT log::text FROM log WHERE id = $1
    UNION ALL SELECT turn::text FROM turn WHERE log_id = $1
    UNION ALL SELECT run_event::text FROM run_event WHERE log_id = $1`,
    [id],
  );
  return rows.map(({ text }) => text).toSorted();
}
