import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { addOrganization } from '../../../test/support/organizations.ts';
import { bootstrap } from '../../accounts/first-start/bootstrap.ts';
import { inTransaction, openWorkspace } from '../../database/workspace.ts';
import { agentKind } from '../../files/kinds/agent.ts';
import { upsertVersion } from '../../files/upsert-version.ts';
import { systemClock } from '../../kernel/clock.ts';
import { newLogRecord } from '../../logs/new-log.ts';
import { openRun } from './open-run-queries.ts';
import { countRunning, lockOpenings } from './run-limit-queries.ts';

const database = await testDatabase();
const { organizationId, memberId } = await bootstrap(database, 'a-key-for-tests-only');
const workspace = openWorkspace(database, organizationId, memberId);
const version = await upsertVersion(workspace, agentKind, { path: 'a', spec: { model: 'm' } });

async function open(parentLogId: string | null = null): Promise<string> {
  const options = { clock: systemClock, environment: undefined, requestFingerprint: null };
  const record = newLogRecord(version, {}, options);
  const holder = { owner: 'own_1', leaseSeconds: 15 };
  await openRun(workspace, {
    record,
    holder,
    keepOpen: false,
    options: {},
    parentLogId,
    eventCount: 1,
  });
  return record.id;
}

test('runs in progress are counted, without waiting runs, child runs and runs with expired leases', async () => {
  const [suspended, forsaken, counted] = [await open(), await open(), await open()];
  await open(counted);
  const change = (
    logId: string,
    fields: { state?: 'suspended'; lease_expires_at: string | null },
  ) =>
    database.db
      .updateTable('run')
      .set(fields)
      .where('organization_id', '=', organizationId)
      .where('log_id', '=', logId)
      .execute();
  await change(suspended, { state: 'suspended', lease_expires_at: null });
  await change(forsaken, { lease_expires_at: '2026-05-01T12:00:00Z' });
  expect(await countRunning(workspace, 10)).toBe(1);
});

test('counting ends at the given number', async () => {
  for (let n = 0; n < 5; n++) await open();
  expect(await countRunning(workspace, 3)).toBe(3);
});

test('an organization that opens a run lets others open theirs', async () => {
  const other = await addOrganization({ database }, 'the-key-of-another');
  const free = 'SELECT id FROM organization FOR NO KEY UPDATE SKIP LOCKED';
  await inTransaction(workspace, async (opening) => {
    await lockOpenings(opening);
    expect((await database.pool.query(free)).rows).toEqual([{ id: other.organizationId }]);
  });
  expect((await database.pool.query(free)).rows).toHaveLength(2);
});
