import { type Attack, bodyOf, times } from '../attack.ts';

/** Statements that keep the database, or its connections, from others. */
export const attacksOnTheDatabase: readonly Attack[] = [
  {
    name: '64 searches over everything at once, and their clients leave',
    isShort: true,
    async play({ send }) {
      await times(40, (index) =>
        send('POST', '/v5/prompts/log', {
          path: 'a/searched',
          prompt: { provider: 'mock', model: 'm' },
          output: `${index} ${'lorem ipsum dolor '.repeat(2_000)}`,
        }),
      );
      await times(64, (index) => send('GET', `/v5/logs?search=ipsum%20${index}&size=100`));
    },
  },
  {
    name: 'ten changes of one datapoint among 50,000',
    async play({ send }) {
      const path = 'a/datapoints';
      const add = (inputs: readonly string[]) =>
        send('POST', '/v5/datasets', {
          path,
          action: 'add',
          datapoints: inputs.map((a) => ({ inputs: { a } })),
        });
      for (let part = 0; part < 5; part += 1) {
        bodyOf(await add(Array.from({ length: 10_000 }, (_, index) => `${part} ${index}`)));
      }
      await times(10, (index) => add([`another ${index}`]));
    },
  },
];
