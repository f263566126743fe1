import type { ModelCall } from './model-server.ts';
import { type Plan, type PlanOptions, planBelow } from './plan.ts';
import { ask } from './requests.ts';
import type { Story } from './story.ts';
import type { World } from './world.ts';

/**
 * Milliseconds after a deletion in which a model may still be called, by a server that was about
 * to.
 */
const slackMs = 300;

/**
 * Checks deletions: no server serves the log, no row names it, and nobody works on it.
 *
 * @returns what is wrong, one sentence each.
 */
export async function checkDeletions(
  world: World,
  stories: readonly Story[],
  calls: readonly ModelCall[],
): Promise<readonly string[]> {
  const deleted = stories.filter(({ deletedAt }) => deletedAt !== undefined);
  if (deleted.length === 0) return [];
  const ids = await nestedLogIds(world, deleted);
  return [
    ...(await flawsOfServers(world, ids)),
    ...(await flawsOfRows(world, ids)),
    ...deleted.flatMap((story) => checkCalls(story, calls, world.options)),
  ];
}

/** The ids of the logs, and of all logs that were ever nested in them. */
async function nestedLogIds(
  { database }: World,
  stories: readonly Story[],
): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ log_id: string }>(
    'SELECT DISTINCT log_id FROM observed.status WHERE root_id = ANY($1)',
    [stories.map(({ logId }) => logId)],
  );
  return rows.map(({ log_id }) => log_id);
}

async function flawsOfServers(
  { slots }: World,
  ids: readonly string[],
): Promise<readonly string[]> {
  const asked = slots.flatMap(({ number, url = '' }) => ids.map((id) => ({ number, url, id })));
  const found = await Promise.all(
    asked.map(async ({ number, url, id }) => {
      const reply = await ask(url, { path: `/v5/logs/${id}` });
      return reply?.status === 404
        ? undefined
        : `server ${number} answers ${reply?.status} for log ${id}, which was deleted`;
    }),
  );
  return found.filter((flaw) => flaw !== undefined);
}

/**
 * Every column that can contain the id of a log, except in stored answers to keyed requests, which
 * are kept for a day.
 */
const columnsOfLogs = `SELECT table_name AS "table", column_name AS "column"
  FROM information_schema.columns
  WHERE table_schema = 'public' AND table_name <> 'idempotency_key'
    AND (column_name LIKE '%log_id'
      OR table_name = 'log' AND column_name IN ('id', 'trace_id', 'trace_parent_id', 'parent_id'))`;

async function flawsOfRows(
  { database }: World,
  ids: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ table: string; column: string }>(columnsOfLogs);
  const found = await Promise.all(
    rows.map(async ({ table, column }) => {
      const { rows: left } = await database.pool.query<{ id: string; count: string }>(
        `SELECT ${column} AS id, count(*) FROM ${table} WHERE ${column} = ANY($1) GROUP BY ${column}`,
        [ids],
      );
      return left.map(
        ({ id, count }) => `log ${id} was deleted, and ${count} rows of ${table}.${column} name it`,
      );
    }),
  );
  return found.flat();
}

/**
 * Checks model calls after the deletion. A server that does not know of it yet may finish a call
 * under way.
 */
function checkCalls(
  { logId, plan, deletedAt = 0 }: Story,
  calls: readonly ModelCall[],
  options: World['options'],
): readonly string[] {
  const seeds = allSeeds(plan, options);
  const late = calls.filter(({ seed, at }) => seeds.has(seed) && at > deletedAt + slackMs);
  const flaws = [...Map.groupBy(late, ({ seed }) => seed)].flatMap(([seed, asked]) =>
    new Set(asked.map(({ turn }) => turn)).size > 1
      ? [`log ${logId} was deleted, and the model of plan ${seed} was asked for more than one turn`]
      : [],
  );
  // By then a server that was frozen or cut off is back, and has checked its leases.
  const longestMs = (2 * options.leaseSeconds + 5) * 1_000;
  const last = Math.max(0, ...late.map(({ at }) => at - deletedAt));
  if (last > longestMs) flaws.push(`log ${logId} was deleted, and a model asked ${last} ms later`);
  return flaws;
}

/** The seeds of a plan and of all plans that it calls. */
function allSeeds(plan: Plan, options: PlanOptions): ReadonlySet<number> {
  const below = plan.turns.flatMap(({ calls }) =>
    calls.flatMap((call) => {
      const child = planBelow(call, options);
      return child ? [...allSeeds(child, options)] : [];
    }),
  );
  return new Set([plan.seed, ...below]);
}
