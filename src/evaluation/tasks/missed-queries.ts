import { sql } from 'kysely';
import type { Queries } from '../../database/database.ts';
import { isReady } from '../ready-queries.ts';
import type { LogWrite } from './intake-queries.ts';

/**
 * The logs that open Runs wait for although they are ready and the feed has nothing to say of them.
 *
 * It spans organizations, as the feed does.
 */
export async function listMissed(db: Queries, most: number): Promise<readonly LogWrite[]> {
  const { rows } =
    await sql<LogWrite>`/* hot */ SELECT DISTINCT l.organization_id AS "organizationId", l.id,
      l.file_id AS "fileId", true AS "isChanged", false AS "wasComplete"
    FROM evaluation_run r
    JOIN evaluation_slot s ON s.organization_id = r.organization_id AND s.run_id = r.id
      AND s.state = 'started'
    JOIN log l ON l.organization_id = s.organization_id AND l.id = s.log_id
    WHERE r.status IN ('pending', 'running') AND ${isReady('l')}
      AND NOT EXISTS (SELECT FROM log_feed f WHERE f.organization_id = l.organization_id
        AND l.id = ANY(f.log_ids))
    LIMIT ${most}`.execute(db);
  return rows;
}
