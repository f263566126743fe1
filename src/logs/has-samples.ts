import type { LogView } from './log-record.ts';

/**
 * Whether the samples of a call say more than its log: they are several, or the only one broke off
 * after the beginning of its answer.
 */
export function hasSamples({ turns }: Pick<LogView, 'turns'>): boolean {
  return turns.length > 1 || turns.some(({ error }) => error !== null);
}
