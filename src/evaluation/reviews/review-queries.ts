import { type RawBuilder, sql } from 'kysely';
import { advisoryLocks } from '../../database/advisory-locks.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import { isSampled, isTest } from '../judgments/traffic-queries.ts';
import { isReady } from '../ready-queries.ts';
import type { ReviewKey } from './review-id.ts';
import { reviewsPerLog } from './reviews-per-log-queries.ts';

/** A log that people are to judge, as one member sees it. */
export interface Review extends ReviewKey {
  readonly evaluatorId: string;
  readonly fileId: string;
  /** The open Runs that wait for it. */
  readonly runIds: readonly string[];
  readonly wanted: number;
  readonly given: number;
  /** Whether the member has judged the log. */
  readonly isMine: boolean;
  readonly isSkipped: boolean;
  /** How many others have reserved it now. */
  readonly othersReserved: number;
  /** Until when the member has reserved it; null if not. */
  readonly reservedUntil: Timestamp | null;
}

/** Which reviews are meant; undefined: any. */
export interface ReviewFilter {
  readonly fileId?: string | undefined;
  readonly evaluatorId?: string | undefined;
  readonly runId?: string | undefined;
}

interface PageOf {
  readonly limit: number;
  readonly offset: number;
}

/** Whose reviews they are. */
export type Reviewer = Workspace & { readonly memberId: string };

/** The reviews that a member can give and that nobody has reserved: those of Runs first, oldest first. */
export async function listOpenReviews(
  reviewer: Reviewer,
  filter: ReviewFilter,
  { limit, offset }: PageOf,
): Promise<readonly Review[]> {
  const { rows } = await sql<Review>`${reviewsWanted(reviewer, filter, { open: offset + limit })}
    SELECT ${columns} FROM review WHERE ${isFree}
    ORDER BY cardinality("runIds") = 0, "createdAt", "logId", "evaluatorId"
    LIMIT ${limit} OFFSET ${offset}`.execute(reviewer.db);
  return rows;
}

/** The reviews that a member has reserved. */
export async function listReservedReviews(
  reviewer: Reviewer,
  filter: ReviewFilter,
  { limit, offset }: PageOf,
): Promise<readonly Review[]> {
  const { rows } = await sql<Review>`${reviewsWanted(reviewer, filter, 'reserved')}
    SELECT ${columns} FROM review WHERE "reservedUntil" IS NOT NULL
    ORDER BY "reservedUntil", "logId", "evaluatorId"
    LIMIT ${limit} OFFSET ${offset}`.execute(reviewer.db);
  return rows;
}

/** How many reviews a member can give. Counting ends at `most`. */
export async function countOpenReviews(
  reviewer: Reviewer,
  filter: ReviewFilter,
  most: number,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`${reviewsWanted(reviewer, filter, { open: most })}
    SELECT least(count(*), ${most})::int AS total FROM review WHERE ${isFree}`.execute(reviewer.db);
  return rows[0]?.total ?? 0;
}

/** How many reviews a member has reserved. */
export async function countReservedReviews(
  reviewer: Reviewer,
  filter: ReviewFilter,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`${reviewsWanted(reviewer, filter, 'reserved')}
    SELECT count(*)::int AS total FROM review WHERE "reservedUntil" IS NOT NULL`.execute(
    reviewer.db,
  );
  return rows[0]?.total ?? 0;
}

/** A review that is wanted, given or not; undefined when nobody wants it. */
export async function findReview(reviewer: Reviewer, key: ReviewKey): Promise<Review | undefined> {
  const { rows } = await sql<Review>`${reviewsWanted(reviewer, {}, { key })}
    SELECT ${columns} FROM review`.execute(reviewer.db);
  return rows[0];
}

/** The reviews that a member has given, newest first, and how many there are. */
export async function listGivenReviews(
  reviewer: Reviewer,
  filter: ReviewFilter & { readonly key?: ReviewKey },
  { limit, offset }: PageOf,
): Promise<readonly Review[]> {
  const { rows } = await sql<Review>`SELECT ${givenColumns(reviewer)} ${givenBy(reviewer, filter)}
    ORDER BY judgment.judged_at DESC, judgment.log_id LIMIT ${limit} OFFSET ${offset}`.execute(
    reviewer.db,
  );
  return rows;
}

export async function countGivenReviews(reviewer: Reviewer, filter: ReviewFilter): Promise<number> {
  const { rows } = await sql<{ total: number }>`SELECT count(*)::int AS total
    ${givenBy(reviewer, filter)}`.execute(reviewer.db);
  return rows[0]?.total ?? 0;
}

/** A review that a member has given; undefined if there is none. */
export async function findGivenReview(
  reviewer: Reviewer,
  key: ReviewKey,
): Promise<Review | undefined> {
  return (await listGivenReviews(reviewer, { key }, { limit: 1, offset: 0 }))[0];
}

/** Which log and evaluator a review is of, whatever the version. */
type ReviewPlace = Pick<Review, 'logId' | 'evaluatorId'>;

/**
 * Locks a review until the transaction ends, so that not more members take it than are wanted.
 *
 * @param isWaiting false: without waiting for another request that has locked it.
 * @returns whether it is locked.
 */
export async function lockReview(
  { db, organizationId }: Workspace,
  { logId, evaluatorId }: ReviewPlace,
  { isWaiting }: { readonly isWaiting: boolean },
): Promise<boolean> {
  const key = sql`${advisoryLocks.reserveReview}::int,
    hashtext(${`${organizationId} ${logId} ${evaluatorId}`})`;
  if (isWaiting) {
    await sql`SELECT pg_advisory_xact_lock(${key})`.execute(db);
    return true;
  }
  const { rows } = await sql<{ isOurs: boolean }>`
    SELECT pg_try_advisory_xact_lock(${key}) AS "isOurs"`.execute(db);
  return rows[0]?.isOurs ?? false;
}

export async function reserve(
  { db, organizationId, memberId }: Reviewer,
  { logId, evaluatorId }: ReviewPlace,
  minutes: number,
): Promise<void> {
  // Leave out rows that another request is deleting: two that delete the same ones could deadlock.
  await sql`WITH expired AS (
      SELECT log_id, evaluator_id, member_id FROM review_reservation
      WHERE organization_id = ${organizationId} AND expires_at <= now()
        AND NOT (log_id = ${logId} AND evaluator_id = ${evaluatorId} AND member_id = ${memberId})
      FOR UPDATE SKIP LOCKED),
    deleted AS (
      DELETE FROM review_reservation AS old USING expired
      WHERE old.organization_id = ${organizationId} AND old.log_id = expired.log_id
        AND old.evaluator_id = expired.evaluator_id AND old.member_id = expired.member_id)
    INSERT INTO review_reservation (organization_id, log_id, evaluator_id, member_id, expires_at)
    VALUES (${organizationId}, ${logId}, ${evaluatorId}, ${memberId},
      now() + make_interval(mins => ${minutes}))
    ON CONFLICT (organization_id, log_id, evaluator_id, member_id)
      DO UPDATE SET expires_at = excluded.expires_at`.execute(db);
}

/** @returns whether there was a reservation that has not expired. */
export async function release(
  { db, organizationId, memberId }: Reviewer,
  { logId, evaluatorId }: ReviewPlace,
): Promise<boolean> {
  const { rows } = await sql<{ isHeld: boolean }>`DELETE FROM review_reservation
    WHERE organization_id = ${organizationId} AND log_id = ${logId}
      AND evaluator_id = ${evaluatorId} AND member_id = ${memberId}
    RETURNING expires_at > now() AS "isHeld"`.execute(db);
  return rows[0]?.isHeld ?? false;
}

export async function skip(
  { db, organizationId, memberId }: Reviewer,
  { logId, evaluatorId }: ReviewPlace,
): Promise<void> {
  await db
    .insertInto('review_skip')
    .values({
      organization_id: organizationId,
      log_id: logId,
      evaluator_id: evaluatorId,
      member_id: memberId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

const columns = sql`"logId", "evaluatorVersionId", "evaluatorId", "fileId", "runIds", wanted, given,
  "isMine", "isSkipped", "othersReserved", "reservedUntil"`;

/** A review that its member can give, and that the judged and reserved ones leave a place for. */
const isFree = sql`NOT "isMine" AND NOT "isSkipped" AND "reservedUntil" IS NULL
  AND given + "othersReserved" < wanted`;

/**
 * Which logs to look at: one; those that the member has reserved; or, of the logs that each monitor
 * watches, the oldest so many that the member can review.
 */
type Looked = { readonly key: ReviewKey } | 'reserved' | { readonly open: number };

/**
 * The CTE `review`: logs and the human evaluators that are to judge them. A log is reviewed once for
 * an evaluator, even if two of its versions ask for it.
 */
function reviewsWanted(
  reviewer: Reviewer,
  { fileId, evaluatorId, runId }: ReviewFilter,
  looked: Looked,
): RawBuilder<unknown> {
  const { organizationId, memberId } = reviewer;
  const ofVersion =
    looked !== 'reserved' && 'key' in looked
      ? sql`AND asked.evaluator_version_id = ${looked.key.evaluatorVersionId}`
      : sql``;
  // Materialized: otherwise Postgres may walk the logs of the monitors again for each log.
  return sql`WITH asked AS MATERIALIZED (
    SELECT slot.log_id, attached.evaluator_id, attached.evaluator_version_id, run.id AS run_id
    FROM evaluation_run AS run
    JOIN evaluation_member AS member
      ON member.organization_id = run.organization_id AND member.run_id = run.id
    JOIN evaluation ON evaluation.organization_id = run.organization_id
      AND evaluation.id = member.evaluation_id AND evaluation.deleted_at IS NULL
    JOIN evaluation_evaluator AS attached ON attached.organization_id = run.organization_id
      AND attached.evaluation_id = evaluation.id AND NOT attached.orchestrated
    JOIN version ON version.organization_id = run.organization_id
      AND version.id = attached.evaluator_version_id AND ${isHuman}
    JOIN evaluation_slot AS slot ON slot.organization_id = run.organization_id
      AND slot.run_id = run.id AND slot.state = 'ready'
    WHERE run.organization_id = ${organizationId} AND run.status IN ('pending', 'running')
      AND ${isLookedAt(reviewer, looked, 'slot.log_id')}
      ${runId === undefined ? sql`` : sql`AND run.id = ${runId}`}
      ${evaluatorId === undefined ? sql`` : sql`AND attached.evaluator_id = ${evaluatorId}`}
    ${runId === undefined ? sql`UNION ALL ${monitored(reviewer, { fileId, evaluatorId }, looked)}` : sql``}),
  review AS (
    SELECT log.id AS "logId", max(asked.evaluator_version_id) AS "evaluatorVersionId",
      asked.evaluator_id AS "evaluatorId", log.file_id AS "fileId", log.created_at AS "createdAt",
      coalesce(array_agg(DISTINCT asked.run_id) FILTER (WHERE asked.run_id IS NOT NULL), '{}')
        AS "runIds",
      max(${reviewsPerLog('version')}) AS wanted, seen.*
    FROM asked
    JOIN log ON log.organization_id = ${organizationId} AND log.id = asked.log_id
    JOIN version ON version.organization_id = ${organizationId}
      AND version.id = asked.evaluator_version_id
    JOIN file AS evaluator ON evaluator.organization_id = ${organizationId}
      AND evaluator.id = asked.evaluator_id AND evaluator.deleted_at IS NULL
    JOIN file AS judged ON judged.organization_id = ${organizationId}
      AND judged.id = log.file_id AND judged.deleted_at IS NULL
    CROSS JOIN LATERAL (${seenBy(organizationId, memberId, sql`asked`)}) AS seen
    WHERE log.save ${fileId === undefined ? sql`` : sql`AND log.file_id = ${fileId}`} ${ofVersion}
    GROUP BY log.id, log.file_id, log.created_at, asked.evaluator_id, seen.given, seen."isMine",
      seen."isSkipped", seen."othersReserved", seen."reservedUntil")`;
}

const isHuman = sql`version.spec->'spec'->>'evaluator_type' = 'human'`;

/** The condition on the id of a log. */
function isLookedAt(
  { organizationId, memberId }: Reviewer,
  looked: Looked,
  logId: 'log.id' | 'slot.log_id',
): RawBuilder<unknown> {
  const id = sql.ref(logId);
  if (looked === 'reserved') {
    return sql`${id} IN (SELECT log_id FROM review_reservation
      WHERE organization_id = ${organizationId} AND member_id = ${memberId}
        AND expires_at > now())`;
  }
  return 'key' in looked ? sql`${id} = ${looked.key.logId}` : sql`true`;
}

/**
 * Logs that human monitors watch, made since the monitor is there. Logs of Runs are no traffic.
 *
 * Each monitor walks the list of its file's logs, oldest first, and stops when it has enough.
 */
function monitored(
  reviewer: Reviewer,
  { fileId, evaluatorId }: Pick<ReviewFilter, 'fileId' | 'evaluatorId'>,
  looked: Looked,
): RawBuilder<unknown> {
  const { organizationId, memberId } = reviewer;
  const isWatched = sql`log.organization_id = ${organizationId} AND log.file_id = monitor.file_id
    AND log.created_at >= monitor.created_at AND log.save
    AND ${isLookedAt(reviewer, looked, 'log.id')}
    AND ${isSampled('log', 'monitor')} AND ${isReady('log')} AND NOT ${isTest('log')}`;
  const place = sql`LATERAL (VALUES (log.id, monitor.evaluator_id)) AS place (log_id, evaluator_id)`;
  const found =
    looked !== 'reserved' && 'open' in looked
      ? sql`SELECT log.id FROM log CROSS JOIN ${place}
          CROSS JOIN LATERAL (${seenBy(organizationId, memberId, sql`place`)}) AS seen
          CROSS JOIN LATERAL (SELECT ${reviewsPerLog('version')} AS wanted) AS asking
          WHERE ${isWatched} AND ${isFree}
          ORDER BY log.created_at, log.id LIMIT ${looked.open}`
      : sql`SELECT log.id FROM log WHERE ${isWatched}`;
  return sql`SELECT log.id, monitor.evaluator_id, version.id, NULL
    FROM monitoring_evaluator AS monitor
    LEFT JOIN deployment ON deployment.organization_id = monitor.organization_id
      AND deployment.file_id = monitor.evaluator_id
      AND deployment.environment_id = monitor.environment_id
    JOIN version ON version.organization_id = monitor.organization_id
      AND version.id = coalesce(monitor.version_id, deployment.version_id) AND ${isHuman}
    CROSS JOIN LATERAL (${found}) AS log
    WHERE monitor.organization_id = ${organizationId} AND monitor.state = 'active'
      ${fileId === undefined ? sql`` : sql`AND monitor.file_id = ${fileId}`}
      ${evaluatorId === undefined ? sql`` : sql`AND monitor.evaluator_id = ${evaluatorId}`}`;
}

/** What was judged, reserved and skipped of the log and evaluator in a row. */
function seenBy(
  organizationId: string,
  memberId: string,
  row: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`SELECT
    (SELECT count(DISTINCT judge)::int FROM judgment
      WHERE judgment.organization_id = ${organizationId} AND judgment.log_id = ${row}.log_id
        AND judgment.evaluator_id = ${row}.evaluator_id) AS given,
    EXISTS (SELECT FROM judgment
      WHERE judgment.organization_id = ${organizationId} AND judgment.log_id = ${row}.log_id
        AND judgment.evaluator_id = ${row}.evaluator_id
        AND judgment.judge = ${memberId}) AS "isMine",
    EXISTS (SELECT FROM review_skip AS skipped
      WHERE skipped.organization_id = ${organizationId} AND skipped.log_id = ${row}.log_id
        AND skipped.evaluator_id = ${row}.evaluator_id
        AND skipped.member_id = ${memberId}) AS "isSkipped",
    (SELECT count(*)::int FROM review_reservation AS reserved
      WHERE reserved.organization_id = ${organizationId} AND reserved.log_id = ${row}.log_id
        AND reserved.evaluator_id = ${row}.evaluator_id AND reserved.expires_at > now()
        AND reserved.member_id <> ${memberId}) AS "othersReserved",
    (SELECT reserved.expires_at FROM review_reservation AS reserved
      WHERE reserved.organization_id = ${organizationId} AND reserved.log_id = ${row}.log_id
        AND reserved.evaluator_id = ${row}.evaluator_id AND reserved.expires_at > now()
        AND reserved.member_id = ${memberId}) AS "reservedUntil"`;
}

function givenBy(
  { organizationId, memberId }: Reviewer,
  { fileId, evaluatorId, runId, key }: ReviewFilter & { readonly key?: ReviewKey },
): RawBuilder<unknown> {
  return sql`FROM judgment
    JOIN version ON version.organization_id = judgment.organization_id
      AND version.id = judgment.evaluator_version_id AND ${isHuman}
    CROSS JOIN LATERAL (${seenBy(organizationId, memberId, sql`judgment`)}) AS seen
    WHERE judgment.organization_id = ${organizationId} AND judgment.judge = ${memberId}
      AND judgment.judge <> ''
      ${fileId === undefined ? sql`` : sql`AND judgment.file_id = ${fileId}`}
      ${evaluatorId === undefined ? sql`` : sql`AND judgment.evaluator_id = ${evaluatorId}`}
      ${
        runId === undefined
          ? sql``
          : sql`AND EXISTS (SELECT FROM evaluation_slot AS slot
              WHERE slot.organization_id = judgment.organization_id
                AND slot.log_id = judgment.log_id AND slot.run_id = ${runId})`
      }
      ${
        key
          ? sql`AND judgment.log_id = ${key.logId}
              AND judgment.evaluator_version_id = ${key.evaluatorVersionId}`
          : sql``
      }`;
}

function givenColumns({ organizationId }: Reviewer): RawBuilder<unknown> {
  return sql`judgment.log_id AS "logId", judgment.evaluator_version_id AS "evaluatorVersionId",
    judgment.evaluator_id AS "evaluatorId", judgment.file_id AS "fileId",
    ${reviewsPerLog('version')} AS wanted, seen.*,
    ARRAY(SELECT slot.run_id FROM evaluation_slot AS slot
      JOIN evaluation_run AS run ON run.organization_id = slot.organization_id
        AND run.id = slot.run_id AND run.status IN ('pending', 'running')
      WHERE slot.organization_id = ${organizationId} AND slot.log_id = judgment.log_id
      ORDER BY slot.run_id) AS "runIds"`;
}
