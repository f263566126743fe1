import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { bootstrap } from '../../accounts/first-start/bootstrap.ts';
import { insertOrganization } from '../../accounts/first-start/organization-queries.ts';
import { inTransaction, openWorkspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { agentKind } from '../../files/kinds/agent.ts';
import { upsertVersion } from '../../files/upsert-version.ts';
import { systemClock } from '../../kernel/clock.ts';
import { deleteLogs } from '../../logs/log-queries.ts';
import { newLogRecord } from '../../logs/new-log.ts';
import type { Lease } from '../leases/lease.ts';
import { openRun } from '../runs/open-run-queries.ts';
import { commitTurn } from '../runs/step-queries.ts';
import { readEvents, readState, writeEvents } from './event-queries.ts';
import type { NumberedStoredEvent } from './stored-event.ts';

const database = await testDatabase();
const { organizationId, memberId } = await bootstrap(database, 'a-key-for-tests-only');
const workspace = openWorkspace(database, organizationId, memberId);

let version: FileVersion;
beforeAll(async () => {
  version = await upsertVersion(workspace, agentKind, { path: 'a', spec: { model: 'm' } });
});

async function opened(): Promise<Lease> {
  const options = { clock: systemClock, environment: undefined, requestFingerprint: null };
  return openRun(workspace, {
    record: { ...newLogRecord(version, {}, options), log_status: 'incomplete' },
    holder: { owner: 'own_test', leaseSeconds: 15 },
    keepOpen: false,
    options: {},
    parentLogId: null,
    eventCount: 1,
  });
}

const at = '2026-05-01T12:00:00.000000Z';
const update = (number: number): NumberedStoredEvent => ({
  number,
  event: { type: 'agent_update', at, delta: `${number} ` },
});

async function storedNumbers({ logId }: Lease, after = 0): Promise<readonly number[]> {
  const { events } = await readEvents(workspace, { logId, after });
  return events.map(({ number }) => number);
}

test('events are read after any number, in their order', async () => {
  const lease = await opened();
  await writeEvents(workspace, [{ lease, events: [update(2), update(3)] }]);
  await writeEvents(workspace, [{ lease, events: [update(4)] }]);
  expect(await storedNumbers(lease)).toEqual([2, 3, 4]);
  expect(await storedNumbers(lease, 2)).toEqual([3, 4]);
  expect(await storedNumbers(lease, 4)).toEqual([]);
});

test('events that were written, but not acknowledged, are written again with those after them', async () => {
  const lease = await opened();
  const events = [update(2), update(3)];
  await writeEvents(workspace, [{ lease, events }]);
  await writeEvents(workspace, [{ lease, events: [...events, update(4)] }]);
  expect(await storedNumbers(lease)).toEqual([2, 3, 4]);

  await commitTurn(
    workspace,
    lease,
    {
      number: 1,
      started_at: at,
      first_token_at: null,
      ended_at: at,
      finish_reason: 'stop',
      error: null,
      provider: 'mock',
      model: 'm',
      input_tokens: null,
      cache_read_tokens: null,
      cache_write_tokens: null,
      output_tokens: null,
      reasoning_tokens: null,
      prompt_cost: null,
      output_cost: null,
      price_table: null,
      message: { role: 'assistant', content: 'x' },
      parts: null,
      results: [],
      continuation: null,
      provider_request: null,
      shared_messages: 0,
      provider_response: null,
    },
    {
      save: true,
      iterations: 1,
      eventCount: 5,
      events: [...events, update(4), update(5)],
    },
  );
  expect(await storedNumbers(lease)).toEqual([2, 3, 4, 5]);
});

test('events under a stale lease are dropped', async () => {
  const lease = await opened();
  await writeEvents(workspace, [{ lease: { ...lease, token: 9 }, events: [update(2)] }]);
  expect(await storedNumbers(lease)).toEqual([]);
});

test('events of a log are read, and written, in its organization alone', async () => {
  const lease = await opened();
  await writeEvents(workspace, [{ lease, events: [update(2)] }]);
  const { organizationId } = await insertOrganization(database);
  const other = openWorkspace(database, organizationId);
  await writeEvents(other, [{ lease, events: [update(3)] }]);
  expect(await storedNumbers(lease)).toEqual([2]);
  expect(await readState(workspace, lease.logId)).toBe('running');
  expect(await readState(other, lease.logId)).toBeNull();
  expect(await readEvents(other, { logId: lease.logId, after: 0 })).toEqual({
    state: null,
    events: [],
    isAll: true,
  });
});

test('one reader gets 32 rows at once, and is told that there are more', async () => {
  const lease = await opened();
  for (let number = 2; number < 34; number++) {
    await writeEvents(workspace, [{ lease, events: [update(number)] }]);
  }
  const first = await readEvents(workspace, { logId: lease.logId, after: 0 });
  expect(first.events).toHaveLength(32);
  expect(first.isAll).toBe(false);
  const rest = await readEvents(workspace, { logId: lease.logId, after: 2 });
  expect(rest.events.map(({ number }) => number)[0]).toBe(3);
});

test('no event that is emitted while a log is deleted outlives the log', async () => {
  const lease = await opened();
  let writing = Promise.resolve();
  await inTransaction(workspace, async (within) => {
    await deleteLogs(within, [lease.logId]);
    writing = writeEvents(workspace, [{ lease, events: [update(2)] }]);
    await Promise.race([writing, sleep(200)]);
  });
  await writing;
  const { rows } = await database.pool.query('SELECT 1 FROM run_event WHERE log_id = $1', [
    lease.logId,
  ]);
  expect(rows).toEqual([]);
});
