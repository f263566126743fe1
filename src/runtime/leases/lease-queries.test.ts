import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { openAgentRun } from '../../../test/support/open-runs.ts';
import { insertOrganization } from '../../accounts/first-start/organization-queries.ts';
import { openWorkspace, type Workspace } from '../../database/workspace.ts';
import { writeEvents } from '../events/event-queries.ts';
import { interruptRun } from '../runs/rest-queries.ts';
import type { HeldLease } from './lease.ts';
import { lostLeases, releaseLeases, renewLeases, underLease } from './lease-queries.ts';
import { eventLeap, markCancelled, seizeRun, takeOverRuns } from './takeover-queries.ts';

// Clients choose the ids of logs, so two organizations may choose the same one.

const database = await testDatabase();
const holder = { owner: 'own_first', leaseSeconds: 15 };
const successor = { owner: 'own_second', leaseSeconds: 15 };

async function newWorkspace(): Promise<Workspace> {
  const { organizationId, memberId } = await insertOrganization(database);
  return openWorkspace(database, organizationId, memberId);
}
const one = await newWorkspace();
const other = await newWorkspace();

// A takeover looks at all runs.
beforeEach(() => database.pool.query('DELETE FROM log; DELETE FROM run_event'));

const opened = (workspace: Workspace, id: string, parentLogId: string | null = null) =>
  openAgentRun(workspace, { id, holder, parentLogId });

/** One run of each organization, with the same log id. */
async function twins(id: string): Promise<readonly [HeldLease, HeldLease]> {
  return [await opened(one, id), await opened(other, id)];
}

interface RunRow {
  readonly state: string;
  readonly lease_owner: string | null;
  readonly lease_token: number;
  readonly seconds: number;
  readonly event_count: number;
  readonly takeovers: number;
  readonly is_cancelled: boolean;
}

async function rowOf({ organizationId, logId }: HeldLease): Promise<RunRow | undefined> {
  const { rows } = await database.pool.query<RunRow>(
    `SELECT state, lease_owner, lease_token, event_count, takeovers, is_cancelled,
      round(extract(epoch FROM lease_expires_at - now()))::integer AS seconds
    FROM run WHERE organization_id = $1 AND log_id = $2`,
    [organizationId, logId],
  );
  return rows[0];
}

/** Lets leases expire that many seconds ago. */
async function expire(seconds: number, ...leases: readonly HeldLease[]): Promise<void> {
  for (const { organizationId, logId } of leases) {
    await database.pool.query(
      `UPDATE run SET lease_expires_at = now() - make_interval(secs => $3)
      WHERE organization_id = $1 AND log_id = $2`,
      [organizationId, logId, seconds],
    );
  }
}

test('of two runs with one id the one is renewed that is held', async () => {
  const [mine, theirs] = await twins('renewed');
  const beside = await opened(one, 'beside');
  await expire(100, mine, theirs, beside);
  await renewLeases(database, holder, [mine, { ...beside, token: beside.token + 1 }]);
  expect(await rowOf(mine)).toMatchObject({ seconds: 15, lease_token: mine.token });
  for (const other of [theirs, beside]) expect(await rowOf(other)).toMatchObject({ seconds: -100 });
});

test('of two runs with one id the one is released that is held, and its token rises', async () => {
  const [mine, theirs] = await twins('released');
  const beside = await opened(one, 'beside');
  await releaseLeases(database, [{ ...mine, eventCount: 7 }]);
  const released = { lease_owner: null, lease_token: mine.token + 1, event_count: 7 };
  expect(await rowOf(mine)).toMatchObject(released);
  for (const other of [theirs, beside]) {
    expect(await rowOf(other)).toMatchObject({ lease_owner: 'own_first', event_count: 1 });
  }
  // Under the old token nothing more is changed, and the count of events never falls.
  await releaseLeases(database, [{ ...mine, eventCount: 9 }]);
  expect(await rowOf(mine)).toMatchObject(released);
  await releaseLeases(database, [{ ...theirs, eventCount: 0 }]);
  expect(await rowOf(theirs)).toMatchObject({ lease_owner: null, event_count: 1 });
});

test('a lease is lost when its own run was taken, is at rest or is gone, and for no other reason', async () => {
  const [taken, kept] = await twins('taken');
  const [resting, running] = await twins('resting');
  const all = [taken, kept, resting, running];
  expect(await lostLeases(database, all)).toEqual([]);
  await seizeRun(one, taken, successor, { cancels: false });
  const at = '2026-05-01T12:00:02.000000Z';
  await interruptRun(one, resting, {
    type: 'agent_turn_suspend',
    at,
    turns: 0,
    error: 'The key is gone.',
  });
  const gone = { ...kept, logId: 'never-there' };
  expect(await lostLeases(database, [...all, gone])).toEqual([taken, resting, gone]);
});

test('a run at rest is neither renewed nor released', async () => {
  const resting = await opened(one, 'at-rest');
  await database.pool.query(
    "UPDATE run SET state = 'suspended', lease_expires_at = NULL WHERE log_id = 'at-rest'",
  );
  const before = await rowOf(resting);
  await renewLeases(database, holder, [resting]);
  await releaseLeases(database, [{ ...resting, eventCount: 7 }]);
  expect(await rowOf(resting)).toEqual(before);
});

test('a run that is seized numbers its events after its own last one, and leaves room for late ones', async () => {
  const [mine, theirs] = await twins('numbered');
  const beside = await opened(one, 'beside');
  const event = (number: number) => ({
    number,
    event: { type: 'agent_update' as const, at: '2026-05-01T12:00:00.000000Z', delta: 'x' },
  });
  await writeEvents(one, [{ lease: mine, events: [event(2), event(3), event(4)] }]);
  await writeEvents(one, [{ lease: beside, events: [event(50)] }]);
  await writeEvents(other, [{ lease: theirs, events: [event(60)] }]);
  await seizeRun(one, mine, successor, { cancels: false });
  expect(await rowOf(mine)).toMatchObject({ event_count: 4 + eventLeap, is_cancelled: false });
  // Nobody emits events of a run that is released, or that has come to rest.
  await releaseLeases(database, [{ ...beside, eventCount: 70 }]);
  await seizeRun(one, { ...beside, token: beside.token + 1 }, successor, { cancels: true });
  expect(await rowOf(beside)).toMatchObject({ event_count: 70, is_cancelled: true });
  // What was cancelled once stays cancelled.
  await seizeRun(one, { ...beside, token: beside.token + 2 }, holder, { cancels: false });
  expect(await rowOf(beside)).toMatchObject({ is_cancelled: true });
});

test('what is done under a lease is not done under one of another token, organization or state', async () => {
  const [mine, theirs] = await twins('under');
  await seizeRun(other, theirs, successor, { cancels: false });
  let times = 0;
  const work = async () => ++times;
  expect(await underLease(one, mine, work)).toBe(1);
  for (const [workspace, lease] of [
    [one, { ...mine, token: mine.token + 1 }],
    [other, mine],
    [one, { ...mine, logId: 'another' }],
  ] as const) {
    await expect(underLease(workspace, lease, work)).rejects.toMatchObject({
      code: 'run_taken_over',
    });
  }
  expect(times).toBe(1);
});

test('runs are taken over whose leases have expired: the longest expired first, so many at once', async () => {
  const leases = [await opened(one, 'o-1'), await opened(other, 'o-1'), await opened(one, 'o-2')];
  const [first, second, third] = leases as [HeldLease, HeldLease, HeldLease];
  const fresh = await opened(other, 'o-2');
  await expire(3_000, second);
  await expire(2_000, first);
  await expire(1_000, third);
  const taken = await takeOverRuns(database, successor, [], 2);
  expect(taken.map((one) => [one.organizationId, one.logId]).toSorted()).toEqual(
    [first, second].map((one) => [one.organizationId, one.logId]).toSorted(),
  );
  expect(await rowOf(first)).toMatchObject({
    lease_owner: 'own_second',
    lease_token: first.token + 1,
    takeovers: 1,
    seconds: 15,
  });
  expect(await rowOf(third)).toMatchObject({ lease_owner: 'own_first', takeovers: 0 });
  expect(await rowOf(fresh)).toMatchObject({ lease_owner: 'own_first' });
});

test('a process does not take over what it holds itself, but what another organization’s run with that id is', async () => {
  const [mine, theirs] = await twins('held');
  await expire(500, mine, theirs);
  const taken = await takeOverRuns(database, holder, [mine], 10);
  expect(taken).toEqual([{ ...theirs, token: theirs.token + 1 }]);

  // It may take back what another process took, and then left.
  await seizeRun(one, mine, successor, { cancels: false });
  await expire(500, mine);
  expect(await takeOverRuns(database, holder, [mine], 10)).toEqual([
    { ...mine, token: mine.token + 2 },
  ]);
});

test('a child run is taken over when its parent does not drive it, or when it was cancelled', async () => {
  await opened(one, 'parent');
  const child = await opened(one, 'child', 'parent');
  await expire(500, child);
  expect(await takeOverRuns(database, successor, [], 10)).toEqual([]);
  await markCancelled(one, ['child']);
  expect(await takeOverRuns(database, successor, [], 10)).toEqual([
    { ...child, token: child.token + 2 },
  ]);
  expect(await rowOf(child)).toMatchObject({ is_cancelled: true, takeovers: 0 });
});

test('a run of the other organization with the id of a parent is no parent', async () => {
  await opened(other, 'parent');
  const orphan = await opened(one, 'orphan', 'parent');
  await expire(500, orphan);
  expect(await takeOverRuns(database, successor, [], 10)).toHaveLength(1);
});

test('what is cancelled is cancelled with all below it, and in its organization alone', async () => {
  const [top, topOfOther] = await twins('top');
  const middle = await opened(one, 'middle', 'top');
  const bottom = await opened(one, 'bottom', 'middle');
  const middleOfOther = await opened(other, 'middle', 'top');
  const beside = await opened(one, 'beside');
  await markCancelled(one, ['top']);
  for (const lease of [top, middle, bottom]) {
    expect(await rowOf(lease)).toMatchObject({
      is_cancelled: true,
      lease_owner: null,
      lease_token: lease.token + 1,
    });
  }
  for (const lease of [topOfOther, middleOfOther, beside]) {
    expect(await rowOf(lease)).toMatchObject({ is_cancelled: false, lease_token: lease.token });
  }
});
