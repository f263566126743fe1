import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { Periodic } from './periodic.ts';

test('it is done again and again, one at a time, and no more when it is stopped', async () => {
  let atOnce = 0;
  let most = 0;
  let times = 0;
  const periodic = new Periodic(
    1,
    async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setTimeout(resolve, 5));
      atOnce -= 1;
      times += 1;
    },
    { logger: createLogger('error', () => undefined), complaint: 'No.' },
  );
  await expect.poll(() => times).toBeGreaterThan(2);
  await periodic.stop();
  const before = times;
  await periodic.run();
  expect({ most, times }).toEqual({ most: 1, times: before });
});

test('a failure is told once, and again when it has succeeded in between', async () => {
  const lines: string[] = [];
  let isFailing = true;
  const periodic = new Periodic(
    3_600_000,
    async () => {
      if (isFailing) throw new Error('no database');
    },
    {
      logger: createLogger('warn', (line) => lines.push(line)),
      complaint: 'It could not be done.',
    },
  );
  for (const now of [true, true, false, true, true]) {
    isFailing = now;
    await periodic.run();
  }
  await periodic.stop();
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('It could not be done. It is tried again.');
});
