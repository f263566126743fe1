import type { TurnRecord } from './log-record.ts';

/**
 * Whether the samples of a call say more than its log: they are several, or the only one broke off
 * after the beginning of its answer.
 */
export function hasSamples({
  turns,
}: {
  readonly turns: readonly Pick<TurnRecord, 'error'>[];
}): boolean {
  return turns.length > 1 || turns.some(({ error }) => error !== null);
}
