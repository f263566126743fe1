import { expect, test } from 'vitest';
import { WorkThread } from './work-thread.ts';

const kernel = new URL('./work-thread.ts', import.meta.url);

/** A thread that answers with what an expression makes of the question `q`. */
function threadOf<Answer>(expression: string, longestMs = 60_000) {
  const program = `
    import { answerQuestions } from ${JSON.stringify(kernel)};
    answerQuestions((q) => ${expression});
  `;
  const module = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
  return new WorkThread<number, Answer>(module, longestMs);
}

test('questions are answered in turn', async () => {
  const thread = threadOf<number>('q * 2');
  expect(await Promise.all([1, 2, 3].map((number) => thread.ask('a', number)))).toEqual([2, 4, 6]);
});

test('what takes too long is ended, and the others are answered all the same', async () => {
  const thread = threadOf<string>("{ while (q === 1); return 'done'; }", 1_000);
  const answers = await Promise.allSettled([0, 1, 2].map((number) => thread.ask('a', number)));
  expect(answers).toMatchObject([
    { value: 'done' },
    { reason: { name: 'ThreadEnded' } },
    { value: 'done' },
  ]);
});

test('an error of the work is told', async () => {
  const thread = threadOf<number>("{ if (q === 1) throw new RangeError('no ones'); return q; }");
  await expect(thread.ask('a', 1)).rejects.toThrow('no ones');
  expect(await thread.ask('a', 2)).toBe(2);
});
