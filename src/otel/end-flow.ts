import { inTransaction, type Workspace } from '../database/workspace.ts';
import { flowKind } from '../files/kinds/flow.ts';
import { timestamp } from '../kernel/clock.ts';
import { changeLog } from '../logs/change-log.ts';
import { logNotFound } from '../logs/errors.ts';
import type { LogParts } from '../logs/log-parts.ts';
import { findLog, updateLog } from '../logs/log-queries.ts';
import type { FlowEnd } from './flow-span.ts';

/**
 * Completes the log of a flow. The start is when its log was made, the end is now, both by the
 * server's clock: late steps are accepted by the same clock.
 *
 * @returns the id of the log.
 * @throws `log_not_found`; `evaluation_run_not_found`; see also `changeLog`.
 */
export async function endFlow(
  parts: LogParts,
  workspace: Workspace,
  { logId, update, sourceDatapointId, runId }: FlowEnd,
): Promise<string> {
  const found = await findLog(workspace, logId);
  if (found?.record.type !== flowKind.type) throw logNotFound(logId);
  const { start_time: start, created_at: created } = found.record;
  const isPast = created <= timestamp(parts.clock.now());
  const times = start === null && isPast ? { start_time: created } : {};
  return inTransaction(workspace, async (workspace) => {
    if (sourceDatapointId !== null) {
      await updateLog(workspace, logId, { source_datapoint_id: sourceDatapointId });
    }
    const claim = { runId, sdkKeyId: null, datapointId: sourceDatapointId };
    await changeLog(parts, workspace, { kind: flowKind, logId }, { ...update, ...times }, claim);
    return logId;
  });
}
