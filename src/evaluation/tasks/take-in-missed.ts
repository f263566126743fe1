import { tryAdvisoryLock } from '../../database/advisory-locks.ts';
import type { Database } from '../../database/database.ts';
import { takeIn } from './intake.ts';
import { listMissed } from './missed-queries.ts';

/** The most logs of one transaction. */
const logsAtOnce = 1_000;

/**
 * Takes in logs that the feed has passed on without us: while servers of an earlier release run, they
 * may move the rows of the feed, and they have no consumer for evaluations.
 *
 * One server does it at a time: it finds the logs in a statement after it has the lock.
 */
export function takeInMissed({ db }: Pick<Database, 'db'>): Promise<void> {
  return db.transaction().execute(async (db) => {
    if (!(await tryAdvisoryLock(db, 'takeInMissed'))) return;
    await takeIn(db, await listMissed(db, logsAtOnce));
  });
}
