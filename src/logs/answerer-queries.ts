import { sql } from 'kysely';
import type { Answerer } from '../contract/spans.ts';
import type { Workspace } from '../database/workspace.ts';

/** Who continued a run, as its turn has them. */
export interface AnswererIds {
  readonly continued_by: string | null;
  readonly continued_by_key: string | null;
}

/** Finds the names of answerers. @returns what gives those of a turn; null when nobody is known. */
export async function loadAnswerers(
  { organizationId, db }: Workspace,
  turns: readonly AnswererIds[],
): Promise<(turn: AnswererIds) => Answerer | null> {
  const memberIds = distinct(turns.map(({ continued_by: id }) => id));
  const keyIds = distinct(turns.map(({ continued_by_key: id }) => id));
  if (memberIds.length + keyIds.length === 0) return () => null;
  const [members, keys] = await Promise.all([
    // The member whose keys a server makes is no person.
    sql<NonNullable<Answerer['member']>>`SELECT id, email_address, full_name FROM member
      WHERE organization_id = ${organizationId} AND id = ANY(${memberIds}::text[])
        AND status <> 'system'`.execute(db),
    sql<NonNullable<Answerer['api_key']>>`SELECT id, name FROM api_key
      WHERE organization_id = ${organizationId} AND id = ANY(${keyIds}::text[])`.execute(db),
  ]);
  return ({ continued_by: memberId, continued_by_key: keyId }) => {
    const member = members.rows.find(({ id }) => id === memberId) ?? null;
    const key = keys.rows.find(({ id }) => id === keyId) ?? null;
    return member || key ? { member, api_key: key } : null;
  };
}

/** Who answered tool calls of a log last; undefined when that is not known. */
export async function findLastAnswerer(
  workspace: Workspace,
  logId: string,
): Promise<Answerer | undefined> {
  const { organizationId, db } = workspace;
  const { rows } = await sql<AnswererIds>`SELECT continued_by, continued_by_key FROM turn
    WHERE organization_id = ${organizationId} AND log_id = ${logId} AND continued_at IS NOT NULL
    ORDER BY number DESC LIMIT 1`.execute(db);
  const answererOf = await loadAnswerers(workspace, rows);
  return rows[0] && (answererOf(rows[0]) ?? undefined);
}

function distinct(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids.filter((id) => id !== null))];
}
