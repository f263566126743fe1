import { sql } from 'kysely';
import type { ModelSpec } from '../contract/kinds/model.ts';
import type { Database } from '../database/database.ts';
import type { TurnRecord } from './log-record.ts';

/** The fields of a model call that determine its cost, and the cost. */
export type StoredCall = Pick<
  TurnRecord,
  | 'number'
  | 'started_at'
  | 'provider'
  | 'model'
  | 'input_tokens'
  | 'cache_read_tokens'
  | 'cache_write_tokens'
  | 'output_tokens'
  | 'prompt_cost'
  | 'output_cost'
  | 'error'
>;

/** The key of a log across organizations. */
export interface LogKey {
  readonly organization_id: string;
  readonly log_id: string;
}

/** The costs of a log with model calls of the server. */
export interface StoredCosts extends LogKey {
  readonly prompt_cost: number | null;
  readonly output_cost: number | null;
  /** True: its run has not ended, and will write the log's costs at its end. */
  readonly is_open: boolean;
  /** The model of the log's version. */
  readonly spec: Pick<ModelSpec, 'provider' | 'model'>;
  /** In order. */
  readonly calls: readonly StoredCall[];
}

/**
 * The next logs with model calls, in the order of their keys.
 *
 * The statement spans organizations, because all have the same prices.
 *
 * @param since skip logs without a model call since then; null: skip none.
 */
export async function listStoredCosts(
  { db }: Database,
  { after, since, limit }: { after: LogKey | undefined; since: Date | null; limit: number },
): Promise<readonly StoredCosts[]> {
  const { rows } = await sql<StoredCosts>`WITH page AS (
      SELECT organization_id, log_id FROM turn
      WHERE (organization_id, log_id) > (${after?.organization_id ?? ''}, ${after?.log_id ?? ''})
        AND (${since}::timestamptz IS NULL OR started_at >= ${since})
      GROUP BY organization_id, log_id ORDER BY organization_id, log_id LIMIT ${limit})
    SELECT log.organization_id, log.id AS log_id, log.prompt_cost, log.output_cost,
      run.log_id IS NOT NULL AS is_open,
      json_build_object('provider', version.spec -> 'provider',
        'model', version.spec -> 'model') AS spec,
      (SELECT json_agg(json_build_object(
          'number', number, 'started_at', started_at, 'provider', provider, 'model', model,
          'input_tokens', input_tokens,
          'cache_read_tokens', cache_read_tokens, 'cache_write_tokens', cache_write_tokens,
          'output_tokens', output_tokens, 'prompt_cost', turn.prompt_cost,
          'output_cost', turn.output_cost, 'error', turn.error) ORDER BY number)
        FROM turn WHERE turn.organization_id = page.organization_id
          AND turn.log_id = page.log_id) AS calls
    FROM page
      JOIN log ON log.organization_id = page.organization_id AND log.id = page.log_id
      JOIN version ON version.organization_id = log.organization_id
        AND version.id = log.version_id
      LEFT JOIN run ON run.organization_id = log.organization_id AND run.log_id = log.id
    ORDER BY page.organization_id, page.log_id`.execute(db);
  return rows;
}

/** The new costs of a log and of some of its calls. */
export interface NewCosts extends LogKey {
  readonly calls: readonly Pick<
    TurnRecord,
    'number' | 'prompt_cost' | 'output_cost' | 'price_table'
  >[];
  readonly before: Pick<StoredCosts, 'prompt_cost' | 'output_cost'>;
  readonly after: Pick<StoredCosts, 'prompt_cost' | 'output_cost'>;
}

/**
 * Writes the costs of a log and of its calls in one commit. The log's cost stays if it is no longer
 * the same as before, because a client has just changed it.
 *
 * The statement locks the log before its calls, in the same order as a deletion does. The other
 * order would deadlock.
 */
export async function writeCosts({ db }: Database, costs: NewCosts): Promise<void> {
  const { before, after } = costs;
  await sql`WITH held AS (
      SELECT organization_id, id FROM log
      WHERE organization_id = ${costs.organization_id} AND id = ${costs.log_id}
      FOR NO KEY UPDATE),
    priced AS (
      UPDATE turn SET prompt_cost = given.prompt_cost, output_cost = given.output_cost,
        price_table = given.price_table
      FROM held, json_to_recordset(${JSON.stringify(costs.calls)}::json) AS given (
        number integer, prompt_cost double precision, output_cost double precision,
        price_table text)
      WHERE turn.organization_id = held.organization_id AND turn.log_id = held.id
        AND turn.number = given.number)
    UPDATE log SET
      prompt_cost = CASE
        WHEN log.prompt_cost IS NOT DISTINCT FROM ${before.prompt_cost}::double precision
        THEN ${after.prompt_cost}::double precision ELSE log.prompt_cost END,
      output_cost = CASE
        WHEN log.output_cost IS NOT DISTINCT FROM ${before.output_cost}::double precision
        THEN ${after.output_cost}::double precision ELSE log.output_cost END
    FROM held WHERE log.organization_id = held.organization_id AND log.id = held.id`.execute(db);
}

/** Deletes the stored statistics of Evaluation Runs, which have costs. They are computed again. */
export async function deleteRunStats({ db }: Database): Promise<void> {
  await sql`DELETE FROM evaluation_run_stats`.execute(db);
}
