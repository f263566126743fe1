import { hashApiKey } from '../../src/accounts/keys/api-key.ts';
import type { Database } from '../../src/database/database.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { TestApp } from './app.ts';
import { drainFeed } from './feed.ts';

/**
 * Adds another organization to an app's database.
 *
 * @param environments the names of its environments, of which the first is the default one.
 */
export async function addOrganization(
  { database: { db } }: { readonly database: Pick<Database, 'db'> },
  apiKey: string,
  environments: readonly string[] = ['production', 'only-theirs'],
): Promise<{ readonly organizationId: string; readonly apiKey: string }> {
  const [organizationId, memberId] = [newId('org'), newId('usr')];
  const own = { organization_id: organizationId };
  await db.insertInto('organization').values({ id: organizationId, name: 'Another' }).execute();
  await db
    .insertInto('member')
    .values({ ...own, id: memberId, email_address: 'other@example.com', full_name: 'Other' })
    .execute();
  await db
    .insertInto('environment')
    .values(
      environments.map((name, index) => ({
        ...own,
        id: newId('env'),
        name,
        tag: index === 0 ? ('default' as const) : ('other' as const),
      })),
    )
    .execute();
  await db
    .insertInto('directory')
    .values({ ...own, id: newId('dir'), name: '', path: '', parent_id: null })
    .execute();
  await db
    .insertInto('api_key')
    .values({
      ...own,
      id: newId('key'),
      member_id: memberId,
      name: 'theirs',
      hash: hashApiKey(apiKey),
      hint: 'theirs…',
      origin: 'made',
      expires_at: null,
      revoked_at: null,
    })
    .execute();
  return { organizationId, apiKey };
}

/** Every row of an organization, as text, when all that was written is counted, and no call is made. */
export async function rowsOf(
  { database }: Pick<TestApp, 'database'>,
  organizationId: string,
): Promise<readonly string[]> {
  await drainFeed(database);
  await settled(database);
  const { rows: tables } = await database.pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'organization_id' ORDER BY table_name`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await database.pool.query<{ text: string }>(
      `SELECT t::text AS text FROM "${name}" t WHERE organization_id = $1 ORDER BY 1`,
      [organizationId],
    );
    texts.push(...rows.map(({ text }) => `${name} ${text}`));
  }
  return texts;
}

/** Waits until the server has made the logs of all Runs, and cancelled those whose file was deleted. */
async function settled(database: TestApp['database']): Promise<void> {
  const open = `SELECT FROM evaluation_run r JOIN file f ON f.id = r.file_id
    WHERE r.status IN ('pending', 'running') AND (f.deleted_at IS NOT NULL
      OR r.orchestrated AND EXISTS (SELECT FROM evaluation_slot s
        WHERE s.organization_id = r.organization_id AND s.run_id = r.id AND s.state <> 'ready'))
    LIMIT 1`;
  while ((await database.pool.query(open)).rowCount !== 0) await drainFeed(database);
}
