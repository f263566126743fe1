import { afterAll, expect, test, vi } from 'vitest';
import { bothTools, killAtEachBoundary } from './boundaries.ts';
import { playRound } from './round.ts';
import { Tally } from './tally.ts';
import { startWorld } from './world.ts';

// Long, because runs must lose their leases and be taken over, again and again.
vi.setConfig({ testTimeout: 120_000 });

const world = await startWorld({ servers: 5, leaseSeconds: 2, withPython: false });
afterAll(() => world.close());

test('a server can be killed before and after each write of a run, and the run ends as if it had not been', async () => {
  const tally = new Tally();
  const writes = await killAtEachBoundary(world, tally, bothTools);
  expect(tally.violations).toEqual([]);
  // The writes: open, a turn, the result of its tool, a turn that suspends, a continue, the end.
  expect(writes).toBeGreaterThanOrEqual(6);
});

test('while servers are killed, frozen and cut off, and Postgres fails, runs end as they would have, and every stream tells the same', async () => {
  const tally = new Tally();
  await playRound(world, tally, { seed: 1, runs: 60, hasFaults: true });
  expect(tally.violations).toEqual([]);
});
