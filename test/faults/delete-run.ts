import { setTimeout as sleep } from 'node:timers/promises';
import { Dice, deriveSeed } from './dice.ts';
import type { Session } from './session.ts';

/** Milliseconds within which everybody who waits for a deleted run must learn of it. */
const longestTellingMs = 20_000;

/**
 * Deletes the log of a run some time after it has begun, whatever it is doing.
 *
 * @returns false when the call was sent more than once: one of these requests may still be on its
 *   way, and would start the run again.
 * @throws Error when there is no answer within a minute.
 */
export async function deleteRun(session: Session): Promise<boolean> {
  const { story, tally } = session;
  await session.untilThere();
  await sleep(new Dice(deriveSeed(session.script.seed, 1)).between(0, 1_200));
  if (story.calls > 1) return false;
  tally.add('logs deleted');
  story.deletion = 'sent';
  const reply = await session.ask({ method: 'DELETE', path: `/v5/logs?id=${story.logId}` });
  const isDone = reply.status === 204 || (reply.attempts > 1 && session.isGone(reply));
  if (!isDone) session.refused(reply);
  story.deletion = 'acknowledged';
  story.deletedAt = Date.now();
  return true;
}

/** Checks that requests that wait for a deleted run end soon. */
export async function requireEndSoon({ tally, story }: Session, waiting: Promise<unknown>) {
  const control = new AbortController();
  const { signal } = control;
  const isTold = await Promise.race([
    waiting.then(() => true),
    sleep(longestTellingMs, false, { signal }).catch(() => true),
  ]);
  control.abort();
  if (!isTold) tally.violation(`log ${story.logId} was deleted, and who waits for it is not told`);
}
