import type { Static } from 'typebox';
import type { logSummary } from '../contract/log-list.ts';
import type { Workspace } from '../database/workspace.ts';
import { forkedFrom } from '../logs/forked-from.ts';
import { judgmentsOfLogs, type ListedJudgment, summarizeLogs } from '../logs/list/list-logs.ts';
import { stateOf } from '../logs/log-state.ts';

/** Short forms of logs, in the order of the ids. */
export async function summaryBodies(
  workspace: Workspace,
  ids: readonly string[],
  { withJudgments }: { readonly withJudgments: boolean },
): Promise<Static<typeof logSummary>[]> {
  const summaries = await summarizeLogs(workspace, ids);
  const judgments = withJudgments ? await judgmentsOfLogs(workspace, ids) : undefined;
  return summaries.map(({ ended_as, forked_from_id, forked_from_turn, ...summary }) => ({
    ...summary,
    name: nameOf(summary.path),
    status: stateOf({ ...summary, ended_as }),
    forked_from: forkedFrom({ forked_from_id, forked_from_turn }),
    ...(judgments && { judgments: (judgments.get(summary.id) ?? []).map(judgmentBody) }),
  }));
}

function judgmentBody({ log_id, evaluator_path, judge, ...said }: ListedJudgment) {
  return { ...said, evaluator_name: nameOf(evaluator_path), judge: judge === '' ? null : judge };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
