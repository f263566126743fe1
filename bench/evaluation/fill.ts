import { openDatabase } from '../../src/database/database.ts';
import { asSuperuser } from '../../src/database/postgres/connection.ts';
import { startEmbeddedPostgres } from '../../src/database/postgres/embedded-postgres.ts';

/** What of an organization the rows belong to. */
export interface EvaluationTarget {
  readonly fileId: string;
  /** The versions of the file. Logs are spread evenly over them. */
  readonly versionIds: readonly string[];
  /** The evaluators: of the first half boolean ones, of the other half numbers. */
  readonly evaluators: readonly { readonly id: string; readonly versionId: string }[];
  /** An Evaluation with these evaluators, and without Runs. */
  readonly oneRunId: string;
  /** Another one. */
  readonly tenRunsId: string;
}

/** Logs of calls, each judged by every evaluator. */
export const trafficLogs = 100_000;
/** Over how many days they are spread, up to now. */
export const trafficDays = 180;
/** The logs of each Run. */
export const runLogs = 1_000;

const rowsAtOnce = 10_000;

/**
 * Writes logs and judgments directly into the database of a running server: 100,000 logs of calls,
 * and eleven Runs of 1,000 logs, each log judged by every evaluator.
 *
 * @returns how many judgments there are, and the seconds it took.
 */
export async function fillEvaluations(
  dataDir: string,
  target: EvaluationTarget,
): Promise<{ readonly judgments: number; readonly seconds: number }> {
  const postgres = await startEmbeddedPostgres({ dataDir });
  const database = openDatabase(asSuperuser(postgres.connection), { max: 1 });
  const query = (text: string, values: readonly unknown[] = []) =>
    database.pool.query(text, [...values]);
  const startedAt = performance.now();
  try {
    // Without triggers: nothing is to be judged again, counted or searched.
    await query('SET session_replication_role = replica');
    const { fileId, versionIds, evaluators } = target;
    for (let from = 0; from < trafficLogs; from += rowsAtOnce) {
      const until = from + rowsAtOnce - 1;
      await query(insertTraffic, [fileId, versionIds, from, until, trafficLogs, trafficDays]);
      await query(judge('traffic', true), [
        evaluators.map(({ id }) => id),
        evaluators.map(({ versionId }) => versionId),
        from,
        until,
      ]);
    }
    await query(insertRun, [target.oneRunId, 'run_bench_open', versionIds[0], 'running']);
    await query(insertSlots, ['run_bench_open', fileId, versionIds[0], runLogs]);
    // An empty place keeps it open.
    await query(`INSERT INTO evaluation_slot (organization_id, run_id, position)
      SELECT organization_id, id, 1000000 FROM evaluation_run WHERE id = 'run_bench_open'`);
    for (let n = 0; n < 10; n++) {
      const versionId = versionIds[n % versionIds.length];
      await query(insertRun, [target.tenRunsId, `run_bench_${n}`, versionId, 'completed']);
      await query(insertSlots, [`run_bench_${n}`, fileId, versionId, runLogs]);
    }
    await query(judge('run', false), [
      evaluators.map(({ id }) => id),
      evaluators.map(({ versionId }) => versionId),
      0,
      runLogs,
    ]);
    await query('VACUUM ANALYZE log, judgment, evaluation_slot, evaluation_run');
    const { rows } = await query('SELECT count(*) AS judgments FROM judgment');
    return {
      judgments: rows[0].judgments,
      seconds: (performance.now() - startedAt) / 1_000,
    };
  } finally {
    await database.close();
    await postgres.stop();
  }
}

const columns = `organization_id, id, type, file_id, version_id, created_at, start_time, end_time,
  provider_latency, log_status, save, prompt_tokens, output_tokens, prompt_cost, output_cost, output`;

const insertTraffic = `INSERT INTO log (${columns})
  SELECT f.organization_id, 'log_bench_traffic_' || lpad(n::text, 8, '0'), 'prompt', f.id,
    ($2::text[])[1 + n % cardinality($2::text[])], at, at, at + interval '1.2 s', 1.2, 'complete',
    true, 148, 61, 0.0001, 0.0002, 'An answer of some words.'
  FROM file f CROSS JOIN generate_series($3::integer, $4::integer) n
  CROSS JOIN LATERAL (SELECT now() - (($5::integer - n)::float8 / $5::integer * $6::integer)
    * interval '1 day' AS at) a
  WHERE f.id = $1`;

const insertRun = `WITH run AS (
    INSERT INTO evaluation_run (organization_id, id, file_id, version_id, orchestrated, status,
      ended_at)
    SELECT organization_id, $2, file_id, $3, false, $4,
      CASE WHEN $4 = 'completed' THEN now() END
    FROM evaluation WHERE id = $1 RETURNING organization_id, id)
  INSERT INTO evaluation_member (organization_id, evaluation_id, run_id)
  SELECT organization_id, $1, id FROM run`;

const insertSlots = `WITH logs AS (
    INSERT INTO log (${columns})
    SELECT f.organization_id, 'log_bench_run_' || lpad(n::text, 8, '0') || $1::text, 'prompt', f.id,
      $3, now(), now(), now() + interval '1.2 s', 1 + n % 7 / 10.0, 'complete', true, 148, 61,
      0.0001, 0.0002, 'An answer of some words.'
    FROM file f CROSS JOIN generate_series(0, $4::integer - 1) n WHERE f.id = $2
    RETURNING organization_id, id)
  INSERT INTO evaluation_slot (organization_id, run_id, position, datapoint_id, state, log_id, origin)
  SELECT organization_id, $1, substr(id, 15, 8)::integer, 'dp_' || substr(id, 15, 8), 'ready', id,
    'run_id' FROM logs`;

/** The INSERT of a judgment of each evaluator on some logs. One in fifty is an error. */
const judge = (of: 'traffic' | 'run', isTraffic: boolean) => `INSERT INTO judgment
    (organization_id, log_id, evaluator_version_id, evaluator_id, evaluator_log_id, file_id,
      version_id, is_traffic, outcome, value, log_created_at, judged_at)
  SELECT l.organization_id, l.id, ($2::text[])[k], ($1::text[])[k], 'log_bench_by_' || k || l.id,
    l.file_id, l.version_id, ${isTraffic}, said.outcome,
    CASE WHEN said.outcome = 'judged' THEN CASE WHEN k <= cardinality($1::text[]) / 2
      THEN (hash % 10 < 8)::integer ELSE hash % 1000 / 100.0 END END, l.created_at, l.created_at
  FROM log l CROSS JOIN generate_series(1, cardinality($1::text[])) k
  CROSS JOIN LATERAL (SELECT abs(hashtext(l.id || k)) AS hash) h
  CROSS JOIN LATERAL (SELECT CASE WHEN hash % 50 = 0 THEN 'error' ELSE 'judged' END AS outcome) said
  WHERE l.id BETWEEN 'log_bench_${of}_' || lpad($3::integer::text, 8, '0')
    AND 'log_bench_${of}_' || lpad($4::integer::text, 8, '0') || '~'`;
