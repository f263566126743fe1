import { beforeEach, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { openAgentRun } from '../../../test/support/open-runs.ts';
import { insertOrganization } from '../../accounts/first-start/organization-queries.ts';
import { openWorkspace, type Workspace } from '../../database/workspace.ts';
import type { HeldLease } from '../leases/lease.ts';
import {
  abandonChildren,
  answerWaitingRun,
  cancelBelow,
  childRuns,
  countRunsBelow,
  findChildLog,
  lockWaitingRun,
} from './child-run-queries.ts';
import { dropRun, interruptRun } from './rest-queries.ts';

// Two organizations have runs with the same ids, and all leases have the same token: what is done to
// one run must be done to no other.

const database = await testDatabase();
const holder = { owner: 'own_first', leaseSeconds: 15 };

async function newWorkspace(): Promise<Workspace> {
  const { organizationId, memberId } = await insertOrganization(database);
  return openWorkspace(database, organizationId, memberId);
}
const one = await newWorkspace();
const other = await newWorkspace();

beforeEach(async () => {
  await database.pool.query('DELETE FROM log; DELETE FROM run_event');
  for (const workspace of [one, other]) {
    for (const parent of ['parent', 'stranger']) {
      await openAgentRun(workspace, { id: parent, holder });
      await open(workspace, `${parent}-first`, parent, 'call_1');
      await open(workspace, `${parent}-second`, parent, 'call_2');
      await open(workspace, `${parent}-first-below`, `${parent}-first`, 'call_1');
    }
  }
});

function open(workspace: Workspace, id: string, parentLogId: string, callId: string) {
  return openAgentRun(workspace, { id, holder, parentLogId, callId });
}

/** The ids of all runs there are, and what an ended log says. */
async function world(): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ text: string }>(
    `SELECT concat_ws(' ', CASE log.organization_id WHEN $1 THEN 'one' ELSE 'other' END, log.id,
      coalesce(run.state, log.ended_as, 'no run'), log.error) AS text
    FROM log LEFT JOIN run ON run.organization_id = log.organization_id AND run.log_id = log.id
    ORDER BY 1`,
    [one.organizationId],
  );
  return rows.map(({ text }) => text);
}

/** What of {@link world} an action changes, as it is then. */
async function changedBy(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = new Set(await world());
  await act();
  return (await world()).filter((line) => !before.has(line));
}

const lease = (workspace: Workspace, logId: string): HeldLease => ({
  logId,
  token: 1,
  organizationId: workspace.organizationId,
});

test('the run of a call is found by its parent, its call, its kind and the turn that made it', async () => {
  const call = { parentId: 'parent', callId: 'call_1', type: 'agent', turn: undefined };
  const turn = (started_at: string) => ({ started_at });
  expect(await findChildLog(one, call)).toBe('parent-first');
  expect(await findChildLog(one, { ...call, callId: 'call_2' })).toBe('parent-second');
  expect(await findChildLog(one, { ...call, parentId: 'stranger' })).toBe('stranger-first');
  expect(await findChildLog(one, { ...call, type: 'prompt' })).toBeUndefined();
  expect(await findChildLog(one, { ...call, callId: 'call_3' })).toBeUndefined();
  expect(await findChildLog(one, { ...call, turn: turn('2020-01-01T00:00:00.000000Z') })).toBe(
    'parent-first',
  );
  expect(
    await findChildLog(one, { ...call, turn: turn('2999-01-01T00:00:00.000000Z') }),
  ).toBeUndefined();
  // Vendors may give calls of different turns the same id: the last is meant.
  await open(one, 'parent-again', 'parent', 'call_1');
  expect(await findChildLog(one, call)).toBe('parent-again');
  expect(await findChildLog(other, call)).toBe('parent-first');
});

test('a run is locked only while it waits', async () => {
  expect(await lockWaitingRun(one, 'parent')).toBeUndefined();
  await database.pool.query(
    "UPDATE run SET state = 'suspended', lease_token = 7 WHERE organization_id = $1 AND log_id = 'parent'",
    [one.organizationId],
  );
  expect(await lockWaitingRun(one, 'parent')).toEqual({ lease_token: 7 });
  expect(await lockWaitingRun(one, 'stranger')).toBeUndefined();
  expect(await lockWaitingRun(other, 'parent')).toBeUndefined();
});

test('an answer is written to one turn of one run, and the last answer makes it run', async () => {
  await database.pool.query(`UPDATE run SET state = 'suspended', lease_expires_at = NULL,
    lease_owner = NULL`);
  await database.pool.query(`INSERT INTO turn (organization_id, log_id, number, started_at, ended_at, results)
    SELECT organization_id, id, number, now(), now(), '[]' FROM log, generate_series(1, 2) number`);
  const message = (content: string) => JSON.stringify({ role: 'tool', content });
  const answer = { logId: 'parent', turnNumber: 2, sealed: null, isLast: false };
  const answered = async () => {
    const { rows } = await database.pool.query(
      `SELECT organization_id, log_id, number, results FROM turn WHERE results <> '[]'`,
    );
    return rows;
  };
  const run = async () => {
    const { rows } = await database.pool.query(
      `SELECT log_id, state, lease_token, event_count, sealed_conversation,
        lease_expires_at IS NOT NULL AS expires
      FROM run WHERE organization_id = $1 AND event_count > 1`,
      [one.organizationId],
    );
    return rows;
  };
  const event = { type: 'tool_message', at: '2026-05-01T12:00:02.000000Z' };
  await answerWaitingRun(one, {
    ...answer,
    message: message('first'),
    event: JSON.stringify(event),
  });
  const turn = { organization_id: one.organizationId, log_id: 'parent', number: 2 };
  const first = { role: 'tool', content: 'first' };
  expect(await answered()).toEqual([{ ...turn, results: [first] }]);
  const waits = { log_id: 'parent', state: 'suspended', expires: false, sealed_conversation: null };
  expect(await run()).toEqual([{ ...waits, lease_token: 2, event_count: 2 }]);

  await answerWaitingRun(one, { ...answer, message: message('second'), event: null, isLast: true });
  const second = { role: 'tool', content: 'second' };
  expect(await answered()).toEqual([{ ...turn, results: [first, second] }]);
  const runs = { ...waits, state: 'running', expires: true };
  expect(await run()).toEqual([{ ...runs, lease_token: 3, event_count: 3 }]);
  const { rows: told } = await database.pool.query(
    'SELECT organization_id, log_id, number, events FROM run_event',
  );
  expect(told).toEqual([
    { organization_id: one.organizationId, log_id: 'parent', number: 2, events: [event] },
  ]);

  // A run whose payloads are not stored keeps its conversation sealed, and its turn empty.
  await answerWaitingRun(one, {
    ...answer,
    turnNumber: 1,
    message: null,
    event: null,
    sealed: Buffer.from('sealed'),
  });
  expect(await answered()).toEqual([{ ...turn, results: [first, second] }]);
  expect(await run()).toMatchObject([{ sealed_conversation: Buffer.from('sealed') }]);
});

test('the runs directly below a run are its own, and those below it are counted at any depth', async () => {
  expect(await childRuns(one, 'parent')).toEqual([
    { logId: 'parent-first', token: 1 },
    { logId: 'parent-second', token: 1 },
  ]);
  expect(await countRunsBelow(one, 'parent')).toBe(3);
  expect(await countRunsBelow(one, 'parent-first')).toBe(1);
  expect(await countRunsBelow(one, 'parent-second')).toBe(0);
  // A log without a run that ended, such as one that was logged, is not a run that was begun.
  await database.pool.query(
    "DELETE FROM run WHERE organization_id = $1 AND log_id = 'parent-second'",
    [one.organizationId],
  );
  expect(await countRunsBelow(one, 'parent')).toBe(2);
  await database.pool.query(
    "UPDATE log SET ended_as = 'finished' WHERE organization_id = $1 AND id = 'parent-second'",
    [one.organizationId],
  );
  expect(await countRunsBelow(one, 'parent')).toBe(3);
  expect(await countRunsBelow(other, 'parent')).toBe(3);
});

test('runs whose calls the client has answered end as superseded, with all below them, and no others', async () => {
  expect(await changedBy(() => abandonChildren(one, 'parent', ['call_1']))).toEqual([
    'one parent-first superseded',
    'one parent-first-below superseded',
  ]);
  expect(await changedBy(() => abandonChildren(one, 'parent', ['call_1', 'call_3']))).toEqual([]);
});

test('all runs below a run that ended are cancelled, and no others', async () => {
  const error = expect.stringMatching(/^one parent-.* cancelled .*cancel/i);
  expect(await changedBy(() => cancelBelow(one, 'parent'))).toEqual([error, error, error]);
  expect(await childRuns(one, 'parent')).toEqual([]);
  expect(await childRuns(other, 'parent')).toHaveLength(2);
});

test('a run is dropped or interrupted alone, though others have its token and its id', async () => {
  expect(await changedBy(() => dropRun(one, lease(one, 'parent')))).toEqual(['one parent no run']);
  const event = {
    type: 'agent_turn_suspend',
    at: '2026-05-01T12:00:02.000000Z',
    turns: 0,
  } as const;
  const error = 'The key is gone.';
  expect(
    await changedBy(() => interruptRun(other, lease(other, 'stranger'), { ...event, error })),
  ).toEqual([`other stranger interrupted ${error}`]);
});
