import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { pendingCalls } from '../../logs/conversation.ts';
import { findLog } from '../../logs/log-queries.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import { resultForModel, toolMessage } from './call-answer.ts';
import { answerWaitingRun, cancelBelow, lockWaitingRun } from './child-run-queries.ts';
import type { Run } from './run.ts';
import { sealTurns, unsealed } from './sealed-conversation.ts';

/**
 * Writes the end of a run (R7). The same commit answers the parent if it waits for this run, and
 * ends the runs below this one.
 *
 * @throws what `write` throws; then nothing is written.
 */
export async function commitEnd(
  run: Run,
  write: (workspace: Workspace) => Promise<void>,
): Promise<void> {
  const waiting = run.parent?.waits ? run.parent.logId : null;
  const hasBelow = mayHaveRunsBelow(run);
  if (waiting === null && !hasBelow) return write(run.workspace);
  await inTransaction(run.workspace, async (workspace) => {
    // Lock the parent first (R5): a continue of the parent takes its row before it deletes the
    // child, and the other order would deadlock.
    const isWaiting = waiting !== null && (await lockWaitingRun(workspace, waiting));
    await write(workspace);
    if (hasBelow) await cancelBelow(workspace, run.record.id);
    if (isWaiting) await answerParent(workspace, run, waiting);
  });
}

function mayHaveRunsBelow({ tools }: Run): boolean {
  return [...tools.byName.values()].some(({ isRunBelow }) => isRunBelow);
}

async function answerParent(workspace: Workspace, run: Run, parentLogId: string): Promise<void> {
  const { secrets } = run.parts;
  const found = await findLog(workspace, parentLogId);
  const parent = found && unsealed(secrets, workspace, found);
  const turn = parent?.turns.at(-1);
  if (!parent || !turn) return;
  const open = pendingCalls(turn);
  const call = open.find(({ id }) => id === run.record.tool_call_id);
  if (!call) return;
  const message = toolMessage(call, resultForModel(run.record));
  const { save } = parent.record;
  const answered = { ...turn, results: [...turn.results, message] };
  const event: StoredEvent = {
    type: 'tool_end',
    at: run.record.end_time ?? run.record.created_at,
    log: run.record.id,
    turn: turn.number,
    call: call.id,
  };
  await answerWaitingRun(workspace, {
    logId: parentLogId,
    turnNumber: turn.number,
    message: save ? JSON.stringify([message]) : null,
    sealed: save
      ? null
      : sealTurns(secrets, workspace, parent.record, [...parent.turns.slice(0, -1), answered]),
    event: save ? JSON.stringify(event) : null,
    isLast: open.length === 1,
  });
}
