import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';

/** How many tries somebody has: so many at once, then each has to wait twice as long. */
export interface TryLimit {
  /** Whom it is about: hashed, and the same for all tries of one account or address. */
  readonly subject: Buffer;
  /** Tries without a wait. */
  readonly free: number;
}

/** Seconds: after how long tries are forgotten; the first wait, and the longest. */
const seconds = { forgotten: 15 * 60, first: 60, longest: 3_600 } as const;

/**
 * Counts a try, before anything is checked: of many at once, no more than are left get through. A try
 * that has to wait is not counted.
 *
 * @returns 0, or the seconds to wait.
 */
export async function takeTry(
  { db }: Pick<Database, 'db'>,
  { subject, free }: TryLimit,
): Promise<number> {
  const counted = sql`CASE WHEN t.last_at < now() - make_interval(secs => ${seconds.forgotten})
      AND t.next_at < now() - make_interval(secs => ${seconds.forgotten})
    THEN 1 ELSE t.tries + 1 END`;
  const wait = (tries: ReturnType<typeof sql>) => sql`now() + make_interval(secs =>
    CASE WHEN ${tries} < ${free} THEN 0
      ELSE least(${seconds.longest}, ${seconds.first} * 2 ^ least(${tries} - ${free}, 20)) END)`;
  const { rows } = await sql`
    INSERT INTO sign_in_try AS t (subject, tries, last_at, next_at)
    VALUES (${subject}, 1, now(), now())
    ON CONFLICT (subject) DO UPDATE
      SET tries = ${counted}, last_at = now(), next_at = ${wait(counted)}
      WHERE t.next_at <= now()
    RETURNING 1`.execute(db);
  if (rows.length > 0) return 0;
  const { rows: waiting } = await sql<{ seconds: number }>`
    SELECT ceil(extract(epoch FROM next_at - now()))::int AS seconds FROM sign_in_try
    WHERE subject = ${subject}`.execute(db);
  return Math.max(1, waiting[0]?.seconds ?? 1);
}

/** Forgets the tries of who was right in the end. */
export async function forgetTries({ db }: Pick<Database, 'db'>, subject: Buffer): Promise<void> {
  await db.deleteFrom('sign_in_try').where('subject', '=', subject).execute();
}

/** Gives a try back that was right. */
export async function giveBackTry({ db }: Pick<Database, 'db'>, subject: Buffer): Promise<void> {
  await sql`UPDATE sign_in_try SET tries = greatest(0, tries - 1), next_at = now()
    WHERE subject = ${subject}`.execute(db);
}

/** Deletes what is forgotten anyway, some at a time. */
export async function deleteOldTries({ db }: Pick<Database, 'db'>): Promise<void> {
  await sql`DELETE FROM sign_in_try WHERE subject IN (
    SELECT subject FROM sign_in_try WHERE last_at < now() - interval '1 day'
    LIMIT 100 FOR UPDATE SKIP LOCKED)`.execute(db);
}
