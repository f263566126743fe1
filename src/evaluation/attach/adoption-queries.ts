import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { LogRecord } from '../../logs/log-record.ts';
import { comparableContent, contentHash } from '../content-queries.ts';
import { awaitsClient } from './attach-queries.ts';

/** Seconds for which the logs of a key may belong to a Run that the key created. */
const adoptionSeconds = 3_600;

/** Whether a key has an open Run on a file to which a log without a claim may belong. */
export async function mayBeAdopted(
  { db, organizationId }: Workspace,
  fileId: string,
  keyId: string,
): Promise<boolean> {
  const { rows } = await sql`SELECT FROM evaluation_run r
    WHERE r.organization_id = ${organizationId} AND r.file_id = ${fileId} AND ${awaitsClient}
      AND ${isRecentOf(keyId)} LIMIT 1`.execute(db);
  return rows.length > 0;
}

const isRecentOf = (keyId: string) => sql`r.api_key_id = ${keyId}
  AND r.created_at > now() - make_interval(secs => ${adoptionSeconds})`;

/** An empty slot whose datapoint has the inputs and messages of a log. */
export interface EqualSlot {
  readonly runId: string;
  readonly position: number;
}

/** At most two empty slots with the inputs and messages of a log: more than one is ambiguous. */
export async function findEqualSlots(
  { db, organizationId }: Workspace,
  { file_id: fileId, inputs, messages }: Pick<LogRecord, 'file_id' | 'inputs' | 'messages'>,
  keyId: string,
): Promise<readonly EqualSlot[]> {
  const given = comparableContent(
    sql`${JSON.stringify(inputs ?? {})}`,
    sql`${JSON.stringify(messages ?? [])}`,
  );
  const { rows } = await sql<EqualSlot>`
    WITH given AS MATERIALIZED (SELECT ${given} AS content)
    SELECT s.run_id AS "runId", s.position FROM given, evaluation_run r
    JOIN evaluation_slot s ON s.organization_id = r.organization_id AND s.run_id = r.id
    JOIN datapoint d ON d.organization_id = s.organization_id AND d.id = s.datapoint_id
    WHERE r.organization_id = ${organizationId} AND r.file_id = ${fileId} AND ${awaitsClient}
      AND ${isRecentOf(keyId)} AND s.state = 'empty'
      AND s.content_hash = ${contentHash(sql`given.content`)}
      AND ${comparableContent(sql`d.inputs`, sql`d.messages`)} = given.content
    LIMIT 2`.execute(db);
  return rows;
}

/** Puts an adopted log into a slot that is still empty. The caller has locked the Run. */
export async function adopt(
  { db, organizationId }: Workspace,
  { runId, position }: EqualSlot,
  logId: string,
): Promise<boolean> {
  const { numAffectedRows } = await sql`UPDATE evaluation_slot
    SET state = 'started', log_id = ${logId}, origin = 'adopted', filled_at = now()
    WHERE organization_id = ${organizationId} AND run_id = ${runId} AND position = ${position}
      AND state = 'empty'`.execute(db);
  return Number(numAffectedRows) === 1;
}
