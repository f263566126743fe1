import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';

/** Every table with rows of organizations, those first that name others. */
const tables = [
  ...['run_event', 'run', 'turn'],
  ...['judgment_task', 'judgment_backlog', 'review_reservation', 'review_skip', 'judgment'],
  ...['evaluation_slot', 'evaluation_member', 'evaluation_run_stats', 'evaluation_evaluator'],
  ...['evaluation_run', 'evaluation'],
  // Triggers on logs write into the tables after it.
  ...['log', 'log_feed', 'log_open', 'log_unsearched', 'log_search', 'log_count', 'log_intake'],
  ...['monitoring_evaluator', 'tool_variable', 'deployment', 'version_link', 'version_usage'],
  ...['version_segment', 'segment_datapoint', 'datapoint'],
  ...['version', 'file', 'directory', 'environment'],
  ...['provider_key', 'custom_endpoint', 'idempotency_key'],
  ...['account_link', 'session', 'api_key', 'member'],
];

/**
 * Deletes an organization and every row of it, in a transaction. Whoever writes a log meanwhile waits
 * for the file, and then does not find it.
 */
export async function deleteAllRows({ db, organizationId }: Workspace): Promise<void> {
  await db
    .selectFrom('file')
    .select('id')
    .where('organization_id', '=', organizationId)
    .orderBy('id')
    .forUpdate()
    .execute();
  for (const table of tables) {
    await sql`DELETE FROM ${sql.table(table)} WHERE organization_id = ${organizationId}`.execute(
      db,
    );
  }
  await db.deleteFrom('organization').where('id', '=', organizationId).execute();
}
