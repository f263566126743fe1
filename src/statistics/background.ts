import { WorkThread } from '../kernel/work-thread.ts';
import type { bootstrapMean } from './bootstrap.ts';
import type { comparePairs } from './compare-pairs.ts';

/** The functions that take too long for the thread that answers requests: up to 0.5 s a call. */
export interface SlowStatistics {
  bootstrapMean: typeof bootstrapMean;
  comparePairs: typeof comparePairs;
}

type Name = keyof SlowStatistics;
type Result<N extends Name> = ReturnType<SlowStatistics[N]>;

/** What the thread is asked. */
export interface Question<N extends Name = Name> {
  readonly name: N;
  readonly args: Parameters<SlowStatistics[N]>;
}

const thread = new WorkThread<Question, unknown>(
  new URL('./background-thread.ts', import.meta.url),
  60_000,
);

/** Runs a function of this room in a thread, where organizations take turns. */
export async function inBackground<N extends Name>(
  organizationId: string,
  name: N,
  ...args: Parameters<SlowStatistics[N]>
): Promise<Result<N>> {
  return (await thread.ask(organizationId, { name, args })) as Result<N>;
}
