import { type Attack, type Attacker, bodyOf, times } from '../attack.ts';

/** Requests for more than a server can hold. */
export const attacksOfLongAnswers: readonly Attack[] = [
  {
    name: 'two lists of 30 logs of 19 MB at once',
    play: (attacker) => lists(attacker, 30, 19, 2),
  },
  {
    name: 'two lists of 6 logs of 4 MB at once',
    isShort: true,
    play: (attacker) => lists(attacker, 6, 4, 2),
  },
  {
    name: 'eight lists of 400 versions of 200 KB',
    async play({ send }) {
      const path = 'a/versions';
      let id = '';
      for (let version = 0; version < 400; version += 1) {
        const prompt = {
          path,
          provider: 'mock',
          model: `m${version}`,
          template: 'x'.repeat(200_000),
        };
        id = bodyOf(await send('POST', '/v5/prompts', prompt)).id;
      }
      await times(8, () => send('GET', `/v5/prompts/${id}/versions`));
    },
  },
];

async function lists({ send }: Attacker, logs: number, megabytes: number, count: number) {
  const path = `a/long${logs}`;
  const inputs = { a: 'x'.repeat(megabytes * 1_000_000) };
  const body = JSON.stringify({ path, prompt: { provider: 'mock', model: 'm' }, inputs });
  let fileId = '';
  for (let log = 0; log < logs; log += 1) {
    fileId = bodyOf(await send('POST', '/v5/prompts/log', body)).prompt_id;
  }
  await times(count, () => send('GET', `/v5/logs?file_id=${fileId}&size=1000`));
}
