import type { TaskQueue } from './claim-queries.ts';

/** How the server judges with an evaluator: in the sandbox, or by asking a model. */
export type Lane = 'python' | 'llm';

/** The lane of a queue; undefined when the server does not judge with its evaluator. */
export function laneOf({ evaluatorType, isWanted }: TaskQueue): Lane | undefined {
  if (!isWanted) return undefined;
  return evaluatorType === 'python' || evaluatorType === 'llm' ? evaluatorType : undefined;
}

/**
 * The queue to claim from: organizations take turns, in the order of their ids; of one organization,
 * Runs come before monitoring, and then the queue whose first task waits longest.
 *
 * @param lastOrganization the organization whose turn it was.
 * @returns undefined when there is no queue.
 */
export function nextQueue(
  queues: readonly TaskQueue[],
  lastOrganization: string,
): TaskQueue | undefined {
  const [first] = queues.toSorted(
    (a, b) =>
      Number(a.organizationId <= lastOrganization) - Number(b.organizationId <= lastOrganization) ||
      compare(a.organizationId, b.organizationId) ||
      Number(b.forRun) - Number(a.forRun) ||
      compare(a.dueAt, b.dueAt),
  );
  return first;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
