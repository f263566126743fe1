import { sql } from 'kysely';
import type { ChatMessage, ToolChoice } from '../../contract/chat.ts';
import type { Workspace } from '../../database/workspace.ts';
import { isTest } from '../judgments/traffic-queries.ts';
import { isReady } from '../ready-queries.ts';

/** A log that can be replayed. */
export interface ReplayableLog {
  readonly id: string;
  readonly versionId: string;
}

/** Those of some logs that can be replayed, in their order: ready, stored, and not made for a Run. */
export async function listReplayable(
  { db, organizationId }: Workspace,
  ids: readonly string[],
): Promise<readonly ReplayableLog[]> {
  const { rows } = await sql<ReplayableLog>`SELECT l.id, l.version_id AS "versionId"
    FROM unnest(${[...ids]}::text[]) WITH ORDINALITY given (id, number)
    JOIN log l ON l.organization_id = ${organizationId} AND l.id = given.id
    WHERE l.save AND ${isReady('l')} AND NOT ${isTest('l')}
    ORDER BY given.number`.execute(db);
  return rows;
}

/** Adds a slot for the replay of each log, in the order of the ids. */
export async function insertReplaySlots(
  { db, organizationId }: Workspace,
  runId: string,
  logIds: readonly string[],
): Promise<void> {
  await sql`INSERT INTO evaluation_slot (organization_id, run_id, position, replayed_log_id)
    SELECT ${organizationId}, ${runId}, number - 1, id
    FROM unnest(${[...logIds]}::text[]) WITH ORDINALITY given (id, number)`.execute(db);
}

/** What a call was asked. */
export interface AskedLog {
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>> | null;
  readonly messages: ChatMessage[] | null;
  readonly tool_choice: ToolChoice | null;
  readonly user: string | null;
}

/** What the calls of some logs were asked, by id. Logs that were deleted are left out. */
export async function findAsked(
  { db, organizationId }: Workspace,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AskedLog>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<AskedLog>`SELECT id, inputs, messages, tool_choice, "user"
    FROM log WHERE organization_id = ${organizationId} AND id = ANY(${[...ids]}::text[])`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** A log that was made as a replay of another. */
export interface ReplayedPair {
  readonly logId: string;
  readonly replayedLogId: string;
}

/** Adds members to the metadata of a log. */
export async function addMetadata(
  { db, organizationId }: Workspace,
  logId: string,
  metadata: Readonly<Record<string, unknown>>,
): Promise<void> {
  await sql`UPDATE log SET metadata = coalesce(metadata, '{}') || ${JSON.stringify(metadata)}::jsonb
    WHERE organization_id = ${organizationId} AND id = ${logId}`.execute(db);
}
