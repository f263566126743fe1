import type { AgentLogRequest, AgentLogUpdate } from '../contract/log.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import type { FileKind } from '../files/kind.ts';
import { type VersionSelector, withVersion } from '../files/resolve-version.ts';
import { secondsBetween, timestamp } from '../kernel/clock.ts';
import { invalid, PlatformError } from '../kernel/errors.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { logComplete, logNotFound, runUnderWay } from '../logs/errors.ts';
import { abandonRun, findLog, insertLog, lockLog, updateLog } from '../logs/log-queries.ts';
import { type LogRecord, storable } from '../logs/log-record.ts';
import { placeBelow } from '../logs/trace.ts';
import { newLogRecord } from './new-log.ts';
import { madeBefore } from './repeated-request.ts';
import type { VersionedLog } from './run-event.ts';
import type { RuntimeParts } from './runtime-parts.ts';
import { versioned } from './stored-run.ts';

/**
 * Records a run that was made elsewhere. Nothing is run.
 *
 * A request whose `log_id` is taken by an equal request changes nothing and has its answer.
 *
 * @throws what `withVersion` throws; `log_id_taken`, `trace_complete` (conflict);
 *   `log_not_found` for an unknown parent; `evaluation_run_not_found`.
 */
export async function recordLog(
  parts: RuntimeParts,
  workspace: Workspace,
  kind: FileKind,
  selector: VersionSelector,
  request: AgentLogRequest,
): Promise<LogRecord> {
  if (request.run_id) {
    const message = `There is no evaluation run \`${request.run_id}\`.`;
    throw new PlatformError('not_found', 'evaluation_run_not_found', message);
  }
  const requestFingerprint = request.log_id ? fingerprint({ log: request, ...selector }) : null;
  try {
    const { version, record } = await withVersion(
      workspace,
      kind,
      { locator: request, selector, inlineSpec: request.agent },
      async (workspace, version) => {
        const { environment } = selector;
        const options = { clock: parts.clock, environment, requestFingerprint };
        const record = measured(newLogRecord(version, request, options));
        return { version, record: await insert(workspace, record, request.trace_parent_id) };
      },
    );
    parts.usage.add(workspace.organizationId, version, record.created_at);
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
  parentId: string | null | undefined,
): Promise<LogRecord> {
  if (!parentId) {
    await insertLog(workspace, record);
    return record;
  }
  return inTransaction(workspace, async (workspace) => {
    const placed = { ...record, ...(await placeBelow(workspace, parentId)) };
    await insertLog(workspace, placed);
    return placed;
  });
}

/**
 * Changes a log. Completing a suspended one abandons its run; completing a log closes its trace.
 *
 * @throws `log_not_found`; `log_complete` when a complete log should be opened again;
 *   `run_under_way` when the log is a run's to write (both conflict); `invalid` for output and error
 *   at once.
 */
export async function changeLog(
  parts: RuntimeParts,
  workspace: Workspace,
  target: { readonly kind: FileKind; readonly fileId: string; readonly logId: string },
  update: AgentLogUpdate,
): Promise<VersionedLog> {
  const { kind, fileId, logId } = target;
  if (typeof update.output === 'string' && typeof update.error === 'string') {
    throw invalid(['body'], 'A log has an `output` or an `error`, not both.');
  }
  return inTransaction(workspace, async (workspace) => {
    const locked = await lockLog(workspace, logId, 'update');
    if (locked?.type !== kind.type || locked.file_id !== fileId) throw logNotFound(logId);
    if (locked.log_status === 'complete' && update.log_status === 'incomplete') {
      throw logComplete(logId);
    }
    const before = await findLog(workspace, logId);
    if (!before) throw logNotFound(logId);
    if (before.run) {
      const isAbandoned = update.log_status === 'complete' && (await abandonRun(workspace, logId));
      if (!isAbandoned) throw runUnderWay(logId);
    }
    await updateLog(workspace, logId, changesOf(parts, before.record, update));
    const after = await findLog(workspace, logId);
    if (!after) throw logNotFound(logId);
    return versioned(workspace, after);
  });
}

function changesOf(
  { clock }: RuntimeParts,
  { save, end_time: endTime, start_time: start, provider_latency: latency }: LogRecord,
  update: AgentLogUpdate,
): Partial<LogRecord> {
  const {
    messages,
    output_message: outputMessage,
    inputs,
    output,
    error,
    log_status: status,
  } = update;
  const end = status === 'complete' && endTime === null ? timestamp(clock.now()) : null;
  const payloads: Partial<LogRecord> = {
    ...(messages ? { messages, messages_replaced: true } : {}),
    ...(outputMessage ? { output_message: outputMessage } : {}),
    ...(inputs ? { inputs } : {}),
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
  };
  return {
    ...(save ? payloads : {}),
    ...(status ? { log_status: status } : {}),
    ...(end === null ? {} : { end_time: end }),
    ...(end !== null && start !== null && latency === null
      ? { provider_latency: secondsBetween(start, end) }
      : {}),
  };
}
