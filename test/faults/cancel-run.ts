import { setTimeout as sleep } from 'node:timers/promises';
import { ask, isToRepeat, patienceMs, type Reply, someServer } from './requests.ts';
import type { Story } from './story.ts';
import type { World } from './world.ts';

/**
 * Cancels a run, and notes in its story what came of it.
 *
 * @param next which server to ask, each time.
 * @returns an answer that cannot be; undefined when all is well.
 * @throws Error when there is no answer within a minute.
 */
export async function cancelRun(
  world: World,
  story: Story,
  next: () => number,
): Promise<Reply | undefined> {
  const path = `/v5/logs/${story.logId}/cancel`;
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const url = await someServer(world, next());
    story.cancel = 'sent';
    const reply = await ask(url, { method: 'POST', path });
    if (reply?.status === 200) {
      story.cancel = 'acknowledged';
      const { log_status: status, error } = reply.body;
      // Of a run that stores nothing, the error is not stored either.
      const isTold = error === 'cancelled' || !story.save;
      return status === 'complete' && isTold ? undefined : reply;
    }
    // It has ended already.
    if (reply?.status === 409) return undefined;
    // Not begun yet: the call is still on its way.
    const comesBack = !reply || isToRepeat(reply.status) || reply.status === 404;
    if (!comesBack) return reply;
    if (performance.now() > giveUpAt) throw new Error(`${path} had no answer for a minute.`);
    await sleep(100);
  }
}
