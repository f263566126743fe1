import type { LogRequest } from '../contract/log.ts';
import { inTransaction, type Workspace, withSavepoint } from '../database/workspace.ts';
import type { FileKind } from '../files/kind.ts';
import { type VersionSelector, withVersion } from '../files/resolve-version.ts';
import { secondsBetween } from '../kernel/clock.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { logNotFound } from './errors.ts';
import type { RunClaim } from './log-evaluations.ts';
import type { LogParts } from './log-parts.ts';
import { insertLog, lockLog } from './log-queries.ts';
import { type LogRecord, storable } from './log-record.ts';
import { newLogRecord } from './new-log.ts';
import { findEarlierLog } from './repeated-request.ts';
import { type Grace, placeBelow } from './trace.ts';

/** How a request names the version of a log. */
export interface LoggedVersion {
  readonly selector: VersionSelector;
  /** The spec of the version, when the request contains it. */
  readonly inlineSpec: Readonly<Record<string, unknown>> | undefined;
}

interface RecordOptions {
  readonly grace?: Grace;
  /** The id of the API key, when the client is a v5 SDK. */
  readonly sdkKeyId?: string | null;
}

/**
 * Creates the log of a run of your own code. The server runs nothing.
 *
 * When an equal request has created a log with this `log_id` before, that log is returned and
 * nothing changes.
 *
 * @throws what `withVersion` throws; `log_id_taken`, `trace_complete` (conflict); `log_not_found`
 *   for an unknown parent; `evaluation_run_not_found`; `invalid` for a judgment that the evaluator
 *   cannot give.
 */
export async function recordLog(
  parts: LogParts,
  workspace: Workspace,
  kind: FileKind,
  { selector, inlineSpec, ...options }: LoggedVersion & RecordOptions,
  request: LogRequest,
): Promise<LogRecord> {
  const requestFingerprint = request.log_id ? fingerprint({ log: request, ...selector }) : null;
  try {
    const named = { locator: request, selector, inlineSpec };
    return await withSavepoint(workspace, () =>
      withVersion(workspace, kind, named, async (workspace, version) => {
        const { environment } = selector;
        kind.log?.check?.(version.spec, request);
        const { clock } = parts;
        const about = { clock, environment, requestFingerprint, keyId: workspace.keyId };
        const record = measured(newLogRecord(version, request, about));
        return insert(parts, workspace, record, {
          grace: options.grace,
          traceParentId: request.trace_parent_id ?? null,
          claim: { runId: request.run_id ?? null, sdkKeyId: options.sdkKeyId ?? null },
        });
      }),
    );
  } catch (error) {
    const repeated = { logId: request.log_id, fingerprint: requestFingerprint };
    return (await findEarlierLog(workspace, repeated, error)).record;
  }
}

/**
 * A log in its stored form. Without a latency of its own, it gets the one between its start and
 * end.
 */
function measured(record: LogRecord): LogRecord {
  const { start_time: start, end_time: end, provider_latency: given } = record;
  const latency = start !== null && end !== null ? secondsBetween(start, end) : null;
  return storable({ ...record, provider_latency: given ?? latency });
}

/** Where a new log belongs. */
interface LogPlace {
  readonly traceParentId: string | null;
  readonly grace: Grace | undefined;
  readonly claim: RunClaim;
}

async function insert(
  { evaluations }: LogParts,
  workspace: Workspace,
  record: LogRecord,
  { traceParentId, grace, claim }: LogPlace,
): Promise<LogRecord> {
  const { parent_id: judgedId } = record;
  const isConcerned = await evaluations.concerns(workspace, record, claim);
  if (traceParentId === null && judgedId === null && !isConcerned) {
    await insertLog(workspace, record);
    return record;
  }
  const write = () =>
    inTransaction(workspace, async (workspace) => {
      const place = traceParentId ? await placeBelow(workspace, traceParentId, record, grace) : {};
      // Lock the judged log: if it were deleted before this commit, the foreign key would fail with a
      // 500 instead of `log_not_found`.
      if (judgedId !== null && !(await lockLog(workspace, judgedId, 'share'))) {
        throw logNotFound(judgedId);
      }
      const placed = { ...record, ...place };
      await insertLog(workspace, placed);
      if (isConcerned) await evaluations.recorded(workspace, placed, claim);
      return placed;
    });
  return isConcerned && !workspace.db.isTransaction
    ? evaluations.inTurn(workspace, write)
    : write();
}
