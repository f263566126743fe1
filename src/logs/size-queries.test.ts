import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { addOrganization } from '../../test/support/organizations.ts';
import { bootstrap } from '../accounts/first-start/bootstrap.ts';
import { openWorkspace, type Workspace } from '../database/workspace.ts';
import { agentKind } from '../files/kinds/agent.ts';
import { upsertVersion } from '../files/upsert-version.ts';
import { systemClock } from '../kernel/clock.ts';
import { insertLog } from './log-queries.ts';
import type { LogRecord } from './log-record.ts';
import { newLogRecord } from './new-log.ts';
import { exactBytes, logSizes } from './size-queries.ts';

const database = await testDatabase();
const { organizationId, memberId } = await bootstrap(database, 'a-key-for-tests-only');
const workspace = openWorkspace(database, organizationId, memberId);
const other = await addOrganization({ database }, 'another-key');
const { id: otherMember } = await database.db
  .selectFrom('member')
  .select('id')
  .where('organization_id', '=', other.organizationId)
  .executeTakeFirstOrThrow();
const theirs = openWorkspace(database, other.organizationId, otherMember);

// So short that Postgres stores them as they are: what is counted is what there is.
const tenBytes = '0123456789';

async function newLog(within: Workspace, id: string, more: Partial<LogRecord> = {}) {
  const version = await upsertVersion(within, agentKind, { path: 'a', spec: { model: 'm' } });
  const options = { clock: systemClock, environment: undefined, requestFingerprint: null };
  const record = newLogRecord(version, { log_id: id, output: tenBytes }, options);
  await insertLog(within, { ...record, messages: null, ...more });
}

async function addTurn(within: Workspace, log_id: string, error: string) {
  const at = '2026-05-01T12:00:00.000000Z';
  await database.db
    .insertInto('turn')
    .values({
      organization_id: within.organizationId,
      log_id,
      number: 1,
      started_at: at,
      ended_at: at,
      error,
    })
    .execute();
}

const bytesOf = async (ids: readonly string[], options?: { withTrace: boolean }) =>
  (await logSizes(workspace, ids, options)).map(({ id, bytes }) => [id, bytes]);

test('a log has the size of its own texts, turns and judgments, and of no others', async () => {
  await newLog(workspace, 'plain');
  const [plain] = await logSizes(workspace, ['plain']);
  const own = plain?.bytes ?? 0;
  expect(own).toBeGreaterThanOrEqual(tenBytes.length);
  expect(own).toBeLessThan(3 * tenBytes.length);

  await newLog(workspace, 'with-turn');
  await addTurn(workspace, 'with-turn', tenBytes);
  const [withTurn] = await logSizes(workspace, ['with-turn']);
  const more = (withTurn?.bytes ?? 0) - own;
  expect(more).toBeGreaterThanOrEqual(tenBytes.length);

  await newLog(workspace, 'judged');
  await newLog(workspace, 'judgment', { parent_id: 'judged' });
  await newLog(workspace, 'root', { trace_id: 'root' });
  await newLog(workspace, 'below', { trace_id: 'root', trace_parent_id: 'root' });
  await addTurn(workspace, 'below', tenBytes);

  // The same ids in another organization, which are longer.
  for (const id of ['plain', 'with-turn', 'judged', 'root']) {
    await newLog(theirs, id, { output: tenBytes.repeat(50) });
    await addTurn(theirs, id, tenBytes.repeat(50));
  }
  await newLog(theirs, 'their-judgment', { parent_id: 'judged' });
  await newLog(theirs, 'their-below', { trace_id: 'root', trace_parent_id: 'root' });

  expect(await bytesOf(['root', 'plain', 'nothing', 'judged', 'with-turn'])).toEqual([
    ['root', own],
    ['plain', own],
    ['judged', 2 * own],
    ['with-turn', own + more],
  ]);
  expect(await bytesOf(['plain', 'root'], { withTrace: true })).toEqual([
    ['plain', own],
    ['root', 2 * own + more],
  ]);
  expect(await logSizes(workspace, [])).toEqual([]);
});

test('exact sizes are those of the logs that are asked for, and their turns', async () => {
  const plain = await exactBytes(workspace, ['plain']);
  expect(await exactBytes(workspace, [])).toBe(0);
  expect(await exactBytes(workspace, ['plain', 'with-turn', 'nothing'])).toBe(
    2 * plain + (await exactBytes(workspace, ['with-turn'])) - plain,
  );
  expect(plain).toBeGreaterThanOrEqual(tenBytes.length);
  expect(plain).toBeLessThan(3 * tenBytes.length);
});
