import { answerQuestions } from '../kernel/work-thread.ts';
import type { Question, SlowStatistics } from './background.ts';
import { bootstrapMean } from './bootstrap.ts';
import { comparePairs } from './compare-pairs.ts';

const statistics: SlowStatistics = { bootstrapMean, comparePairs };

answerQuestions(({ name, args }: Question) => {
  const run = statistics[name] as (...args: unknown[]) => unknown;
  return run(...args);
});
