import { setTimeout as sleep } from 'node:timers/promises';
import { keyHeader } from './request-run.ts';
import { ask, isToRepeat, patienceMs, type Reply, someServer } from './requests.ts';
import type { Session } from './session.ts';

/**
 * Cancels a run, and records the result in its story. With a key, the cancel goes to two servers at
 * once.
 *
 * @returns an answer that is not allowed; undefined when all is well.
 * @throws Error when there is no answer within a minute.
 */
export async function cancelRun(session: Session): Promise<Reply | undefined> {
  if (!session.script.isKeyed) return cancelOnce(session, undefined);
  // Wait for the log first: a refused request frees its key, and its repeat would count as a new
  // request.
  await session.untilThere();
  const key = session.newKey();
  const both = await Promise.all([cancelOnce(session, key), cancelOnce(session, key)]);
  return both.find((reply) => reply !== undefined);
}

async function cancelOnce(session: Session, key: string | undefined): Promise<Reply | undefined> {
  const { world, story } = session;
  const path = `/v5/logs/${story.logId}/cancel`;
  const asked = { method: 'POST' as const, path, headers: keyHeader(key) };
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const url = await someServer(world, session.next());
    story.cancel = 'sent';
    const reply = await ask(url, asked);
    if (reply?.status === 200) {
      story.cancel = 'acknowledged';
      if (key !== undefined) session.keep(asked, reply);
      const { log_status: status, error } = reply.body;
      // A run that stores no payloads does not store its error either.
      const isTold = error === 'cancelled' || !story.save;
      return status === 'complete' && isTold ? undefined : reply;
    }
    // The run has ended already.
    if (reply?.status === 409) return undefined;
    // 404: the run has not begun, because the call is still on its way.
    const comesBack = !reply || isToRepeat(reply.status) || reply.status === 404;
    if (!comesBack) return reply;
    if (performance.now() > giveUpAt) throw new Error(`${path} had no answer for a minute.`);
    await sleep(100);
  }
}
