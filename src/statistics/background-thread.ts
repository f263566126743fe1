import { parentPort } from 'node:worker_threads';
import type { Question, SlowStatistics } from './background.ts';
import { bootstrapMean } from './bootstrap.ts';
import { comparePairs } from './compare-pairs.ts';

const statistics: SlowStatistics = { bootstrapMean, comparePairs };

parentPort?.on('message', ({ name, args }: Question) => {
  const run = statistics[name] as (...args: unknown[]) => unknown;
  parentPort?.postMessage(run(...args));
});
