import type { LogRequest } from '../contract/log.ts';
import {
  afterCommit,
  inTransaction,
  type Workspace,
  withSavepoint,
} from '../database/workspace.ts';
import type { FileKind } from '../files/kind.ts';
import { type VersionSelector, withVersion } from '../files/resolve-version.ts';
import { secondsBetween } from '../kernel/clock.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { evaluationRunNotFound, logNotFound } from './errors.ts';
import type { LogParts } from './log-parts.ts';
import { insertLog, lockLog } from './log-queries.ts';
import { type LogRecord, storable } from './log-record.ts';
import { newLogRecord } from './new-log.ts';
import { madeBefore } from './repeated-request.ts';
import { type Grace, placeBelow } from './trace.ts';

/** Which version made what is to be logged. */
export interface LoggedVersion {
  readonly selector: VersionSelector;
  /** The version as the request describes it in place. */
  readonly inlineSpec: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Records a run that was made elsewhere. Nothing is run.
 *
 * A request whose `log_id` is taken by an equal request changes nothing and has its answer.
 *
 * @throws what `withVersion` throws; `log_id_taken`, `trace_complete` (conflict);
 *   `log_not_found` for an unknown parent; `evaluation_run_not_found`; `invalid` for a judgment that
 *   the evaluator cannot give.
 */
export async function recordLog(
  parts: LogParts,
  workspace: Workspace,
  kind: FileKind,
  { selector, inlineSpec, grace }: LoggedVersion & { readonly grace?: Grace },
  request: LogRequest,
): Promise<LogRecord> {
  if (request.run_id) throw evaluationRunNotFound(request.run_id);
  const requestFingerprint = request.log_id ? fingerprint({ log: request, ...selector }) : null;
  try {
    const named = { locator: request, selector, inlineSpec };
    const { version, record } = await withSavepoint(workspace, () =>
      withVersion(workspace, kind, named, async (workspace, version) => {
        const { environment } = selector;
        const options = { clock: parts.clock, environment, requestFingerprint };
        kind.log?.check?.(version.spec, request);
        const record = measured(newLogRecord(version, request, options));
        return { version, record: await insert(workspace, record, request.trace_parent_id, grace) };
      }),
    );
    afterCommit(workspace, () =>
      parts.usage.add(workspace.organizationId, version, record.created_at),
    );
    return record;
  } catch (error) {
    const repeated = { logId: request.log_id, fingerprint: requestFingerprint };
    return (await madeBefore(workspace, repeated, error)).record;
  }
}

/** A log as it may be stored, with the time it took, where that follows from what it says. */
function measured(record: LogRecord): LogRecord {
  const { start_time: start, end_time: end, provider_latency: given } = record;
  const latency = start !== null && end !== null ? secondsBetween(start, end) : null;
  return storable({ ...record, provider_latency: given ?? latency });
}

async function insert(
  workspace: Workspace,
  record: LogRecord,
  traceParentId: string | null | undefined,
  grace: Grace | undefined,
): Promise<LogRecord> {
  const { parent_id: judgedId } = record;
  if (!traceParentId && judgedId === null) {
    await insertLog(workspace, record);
    return record;
  }
  return inTransaction(workspace, async (workspace) => {
    const place = traceParentId ? await placeBelow(workspace, traceParentId, record, grace) : {};
    // The log that is judged cannot be deleted meanwhile.
    if (judgedId !== null && !(await lockLog(workspace, judgedId, 'share'))) {
      throw logNotFound(judgedId);
    }
    const placed = { ...record, ...place };
    await insertLog(workspace, placed);
    return placed;
  });
}
