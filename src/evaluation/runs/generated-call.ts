import type { CallRequest } from '../../contract/call.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { findVersionsById } from '../../files/file-queries.ts';
import type { PlatformError } from '../../kernel/errors.ts';
import { insertLog } from '../../logs/log-queries.ts';
import type { ServerCallOptions } from '../../logs/log-record.ts';
import { newLogRecord } from '../../logs/new-log.ts';
import type { ReadableRun } from '../../runtime/events/readable-run.ts';
import type { KindRuntime } from '../../runtime/kinds/runtime-parts.ts';
import type { NewRun } from '../../runtime/runs/open-run-queries.ts';
import { startRun } from '../../runtime/runs/start-run.ts';
import { beginReserved, endReservation } from './begin-reserved-queries.ts';
import type { GeneratedRun, ReservedSlot } from './reservation-queries.ts';

/** A call that the server makes for a slot of a Run. */
export interface GeneratedCall {
  readonly run: GeneratedRun;
  readonly slot: ReservedSlot;
  readonly request: CallRequest;
  readonly options: ServerCallOptions;
  /** Why the call cannot be started; undefined if nothing is known yet. */
  readonly obstacle?: PlatformError | undefined;
}

/** The request of a call with the inputs and messages of a datapoint. */
export function callRequest({ fileId }: GeneratedRun, slot: ReservedSlot): CallRequest {
  const { logId, datapoint } = slot;
  return {
    id: fileId,
    log_id: logId,
    inputs: datapoint?.inputs ?? null,
    messages: datapoint?.messages ?? null,
    source_datapoint_id: datapoint?.id ?? null,
    source: 'evaluation',
  };
}

/** Never: nobody waits for the answers of these calls, so nobody can go away. */
const never = new AbortController().signal;

/**
 * Starts a call. If it was started before with the same log id, that call is found.
 *
 * @throws what `startRun` throws; the call's obstacle; `evaluation_run_ended` when the slot is no longer reserved. Then
 *   nothing is written.
 */
export async function startCall(
  runtime: KindRuntime,
  workspace: Workspace,
  { run, request, options, obstacle }: GeneratedCall,
): Promise<ReadableRun> {
  if (obstacle) throw obstacle;
  const called = {
    runnable: runtime.runnable(run.type),
    selector: { versionId: run.versionId },
    inlineSpec: undefined,
    serverOptions: options,
    begin: (workspace: Workspace, opened: NewRun) => beginReserved(workspace, run.id, opened),
  };
  return startRun(runtime, workspace, called, request, never);
}

/**
 * Fills a slot with a log that says why its call could not be started.
 *
 * @throws `evaluation_run_ended` when the slot is no longer reserved.
 */
export async function recordFailedStart(
  { parts }: KindRuntime,
  workspace: Workspace,
  { run, request }: GeneratedCall,
  error: string,
): Promise<void> {
  const version = (await findVersionsById(workspace, [run.versionId])).get(run.versionId);
  if (!version || version.isFileDeleted) return;
  const record = newLogRecord(version, request, {
    clock: parts.clock,
    environment: undefined,
    requestFingerprint: null,
  });
  const { created_at: at } = record;
  const failed = {
    ...record,
    error,
    log_status: 'complete',
    start_time: at,
    end_time: at,
    provider_latency: 0,
  } as const;
  await inTransaction(workspace, async (workspace) => {
    await endReservation(workspace, run.id, failed.id);
    await insertLog(workspace, failed);
  });
}
