import type { Workspace } from '../../src/database/workspace.ts';
import { agentKind } from '../../src/files/kinds/agent.ts';
import { upsertVersion } from '../../src/files/upsert-version.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { newLogRecord } from '../../src/logs/new-log.ts';
import type { HeldLease, LeaseHolder } from '../../src/runtime/leases/lease.ts';
import { openRun } from '../../src/runtime/runs/open-run-queries.ts';

interface Opened {
  /** The id of the log. Clients choose it, so two organizations may choose the same one. */
  readonly id: string;
  readonly holder: LeaseHolder;
  /** The run below which it is opened, and the call of that run which it answers. */
  readonly parentLogId?: string | null;
  readonly callId?: string;
}

/** Opens a log of an agent and its run, without a runtime. */
export async function openAgentRun(
  workspace: Workspace,
  { id, holder, parentLogId = null, callId }: Opened,
): Promise<HeldLease> {
  const version = await upsertVersion(workspace, agentKind, { path: 'a', spec: { model: 'm' } });
  const options = { clock: systemClock, environment: undefined, requestFingerprint: null };
  const record = {
    ...newLogRecord(version, {}, options),
    id,
    log_status: 'incomplete' as const,
    ...(callId !== undefined && { trace_parent_id: parentLogId, tool_call_id: callId }),
  };
  const lease = await openRun(workspace, {
    record,
    holder,
    keepOpen: false,
    options: {},
    parentLogId,
    eventCount: 1,
  });
  return { ...lease, organizationId: workspace.organizationId };
}
