import { setTimeout as sleep } from 'node:timers/promises';
import { type Attack, type Attacker, bodyOf, times } from '../attack.ts';

/** One call that begins very many runs. */
export const attacksOfRunsBelowRuns: readonly Attack[] = [
  {
    name: 'five agents that call each other 100 times',
    play: (attacker) => bomb(attacker, 5, 100),
  },
  {
    name: 'three agents that call each other 12 times, twice at once',
    isShort: true,
    play: (attacker) => Promise.all([bomb(attacker, 3, 12), bomb(attacker, 3, 12)]),
  },
  {
    name: '300 calls at once',
    play: ({ send }) =>
      times(300, () =>
        send('POST', '/v5/agents/call', {
          path: 'a/many',
          agent: { provider: 'mock', model: 'm' },
          messages: go,
        }),
      ),
  },
];

/** Milliseconds after which runs that are still under way are cancelled. */
const longestMs = 10_000;

const go = [{ role: 'user', content: 'go' }];

async function bomb({ send, signal }: Attacker, levels: number, calls: number): Promise<void> {
  let next: string | undefined;
  const name = `b${Math.random().toString(36).slice(2)}`;
  for (let level = levels; level > 0; level -= 1) {
    const call = { name: `l${level + 1}`, arguments: { message: 'go' } };
    const script = next
      ? [{ tool_calls: Array(calls).fill(call) }, { content: 'done' }]
      : [{ content: 'leaf' }];
    const tools = next ? [{ type: 'file', link: { file_id: next } }] : [];
    const agent = {
      path: `${name}/l${level}`,
      provider: 'mock',
      model: 'm',
      other: { script },
      tools,
    };
    next = bodyOf(await send('POST', '/v5/agents', agent)).id;
  }
  const body = { id: next, messages: go, log_id: name };
  await send('POST', '/v5/agents/call', body, { prefer: 'respond-async' });
  // The events of a run end with it.
  const ended = send('GET', `/v5/logs/${name}/events`);
  await Promise.race([ended, sleep(longestMs, undefined, { signal }).catch(() => undefined)]);
  // A cancel gets through, however much there is to do.
  const { status, text } = await send('POST', `/v5/logs/${name}/cancel`);
  if (status !== 200 && status !== 409) throw new Error(`It was not cancelled: ${status} ${text}`);
}
