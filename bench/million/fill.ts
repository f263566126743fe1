import { feedConsumers } from '../../src/compose.ts';
import { openDatabase } from '../../src/database/database.ts';
import { asSuperuser } from '../../src/database/postgres/connection.ts';
import { startEmbeddedPostgres } from '../../src/database/postgres/embedded-postgres.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { moveFeed } from '../../src/logs/feed/move-feed.ts';
import { indexTexts } from '../../src/logs/search/search-queries.ts';
import { makeSentences } from './words.ts';

export const logCount = 1_000_000;
/** The number of logs in the trace, including its root. */
export const spanCount = 10_000;
/** How many of the newest logs have five logs below them. */
const parentCount = 100;

const rowsAtOnce = 10_000;
const sentenceCount = 20_000;

/** The files and versions that the logs belong to. */
export interface FillTarget {
  readonly fileId: string;
  /**
   * Nearly all logs belong to the first version, one in ten to the second, one in a thousand to the
   * third.
   */
  readonly versionIds: readonly [string, string, string];
  /** The file of the nested logs. */
  readonly stepsFileId: string;
  readonly stepsVersionId: string;
}

export interface Filled {
  readonly traceId: string;
  readonly seconds: number;
  readonly searchSeconds: number;
}

/**
 * Writes a million logs of about 1 KB, one for every 20 seconds, directly into the database of a
 * running server, and indexes them for the search.
 */
export async function fill(dataDir: string, target: FillTarget): Promise<Filled> {
  const postgres = await startEmbeddedPostgres({ dataDir });
  const database = openDatabase(asSuperuser(postgres.connection), { max: 1 });
  const query = (text: string, values: readonly unknown[] = []) =>
    database.pool.query(text, [...values]);
  try {
    const startedAt = performance.now();
    await query("SET maintenance_work_mem = '512MB'");
    await query('CREATE TEMP TABLE sentence (number integer PRIMARY KEY, text text)');
    await query(
      'INSERT INTO sentence SELECT ordinality - 1, text FROM unnest($1::text[]) WITH ORDINALITY t (text)',
      [makeSentences(sentenceCount)],
    );
    await query('ANALYZE sentence');
    const { fileId, versionIds } = target;
    for (let from = 1; from <= logCount; from += rowsAtOnce) {
      await query(insertLogs, [fileId, versionIds, from, from + rowsAtOnce - 1]);
    }
    const { stepsFileId, stepsVersionId } = target;
    await query(insertTrace, [stepsFileId, stepsVersionId, spanCount]);
    await query(insertChildren, [fileId, stepsFileId, stepsVersionId, parentCount]);
    const filledAt = performance.now();

    // Building the index of a million texts anew takes a third of the time of inserting into it.
    const { rows } = await query("SELECT pg_get_indexdef('log_search_text'::regclass) AS text");
    await query('DROP INDEX log_search_text');
    const logger = createLogger('warn', (line) => process.stderr.write(line));
    while (await isLeft('log_feed', query)) await moveFeed(database, feedConsumers, logger);
    while (await isLeft('log_unsearched', query)) await indexTexts(database, 100);
    await query(rows[0].text);
    await query('VACUUM ANALYZE log, log_search, log_feed, log_unsearched, log_open, log_count');
    return {
      traceId: 'log_bench_span_00001',
      seconds: (filledAt - startedAt) / 1_000,
      searchSeconds: (performance.now() - filledAt) / 1_000,
    };
  } finally {
    await database.close();
    await postgres.stop();
  }
}

/**
 * Whether rows remain to be moved. The server moves them as well, so a batch of ours may be empty.
 */
async function isLeft(
  table: 'log_feed' | 'log_unsearched',
  query: (text: string) => Promise<{ readonly rows: readonly unknown[] }>,
) {
  const { rows } = await query(`SELECT FROM ${table} LIMIT 1`);
  return rows.length > 0;
}

const sentence = (salt: number) =>
  `(SELECT text FROM sentence WHERE number = (hashint4(n * 8 + ${salt}) & 2147483647) % ${sentenceCount})`;

const columns = `organization_id, id, type, file_id, version_id, trace_id, trace_parent_id, created_at,
  start_time, end_time, provider_latency, log_status, save, prompt_tokens, output_tokens,
  prompt_cost, output_cost, finish_reason, inputs, messages, output, output_message, metadata`;

/** The content of log number `n`. The word `zanzibar` occurs in ten logs. */
const payload = `
  json_build_object('bank', 'Example Bank', 'account', 'ACC-' || n, 'question', q),
  json_build_array(json_build_object('role', 'user', 'content', q)),
  o, json_build_object('role', 'assistant', 'content', o),
  jsonb_build_object('channel', (ARRAY['web', 'phone', 'mail'])[1 + n % 3], 'ticket', 'T-' || n)`;
const said = `CROSS JOIN LATERAL (SELECT ${sentence(1)} || ' ' || ${sentence(2)} AS q,
  ${sentence(3)} || ' ' || ${sentence(4)} || ' ' || ${sentence(5)}
    || CASE WHEN n % 100000 = 5 THEN ' zanzibar' ELSE '' END AS o) said`;

const insertLogs = `INSERT INTO log (${columns})
  SELECT f.organization_id, 'log_bench_' || lpad(n::text, 8, '0') || substr(md5(n::text), 1, 8),
    'agent', f.id, ($2::text[])[CASE WHEN n % 1000 = 1 THEN 3 WHEN n % 10 = 0 THEN 2 ELSE 1 END],
    NULL, NULL, at, at, at + interval '1.2 s', 1.2, 'complete', true, 148, 61, 0.0001, 0.0002, 'stop',
    ${payload}
  FROM file f CROSS JOIN generate_series($3::integer, $4::integer) n
  CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01' + n * interval '20 s' AS at) a ${said}
  WHERE f.id = $1`;

/** A tree of three levels: in each hundred spans, one is the parent of the others. */
const insertTrace = `INSERT INTO log (${columns})
  SELECT f.organization_id, 'log_bench_span_' || lpad(n::text, 5, '0'), 'agent', f.id, $2,
    'log_bench_span_00001', CASE WHEN n = 1 THEN NULL
      WHEN n % 100 = 1 THEN 'log_bench_span_00001'
      ELSE 'log_bench_span_' || lpad((n - (n - 1) % 100)::text, 5, '0') END,
    at, at, at + interval '1.2 s', 1.2, 'complete', true, 148, 61, 0.0001, 0.0002, 'stop', ${payload}
  FROM file f CROSS JOIN generate_series(1, $3::integer) n
  CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01' + n * interval '20 s' AS at) a ${said}
  WHERE f.id = $1`;

const insertChildren = `INSERT INTO log (${columns})
  SELECT p.organization_id, p.id || '_' || k, 'agent', $2, $3, p.id, p.id, at, at, at, 1.2, 'complete',
    true, 148, 61, 0.0001, 0.0002, 'stop', ${payload}
  FROM (SELECT organization_id, id, created_at AS at, (row_number() OVER ())::integer AS n FROM log
    WHERE file_id = $1 ORDER BY created_at DESC LIMIT $4) p
  CROSS JOIN generate_series(1, 5) k ${said}`;
