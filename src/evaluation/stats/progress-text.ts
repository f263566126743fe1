import type { EvaluationNumbers } from './evaluation-stats.ts';

/** How far the newest Run is, for people who wait. The v5 SDK for Python prints it. */
export function progressText({ scope, runs }: EvaluationNumbers): string {
  const [newest] = scope.runs;
  const { slots = 0, readySlots = 0 } = newest ?? {};
  const numbers = runs.find(({ run }) => run === newest)?.numbers;
  const judged = (numbers?.evaluators ?? []).reduce((sum, { logs }) => sum + logs, 0);
  return [
    '',
    '⏳ Evaluation Progress',
    `Total Logs: ${readySlots}/${slots}`,
    `Total Judgments: ${judged}/${slots * scope.evaluators.length}`,
    '',
    '',
  ].join('\n');
}
