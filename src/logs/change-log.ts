import type { LogUpdate } from '../contract/log.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import type { FileKind } from '../files/kind.ts';
import { secondsBetween, timestamp } from '../kernel/clock.ts';
import { invalid } from '../kernel/errors.ts';
import { logComplete, logNotFound, runUnderWay } from './errors.ts';
import { noClaim, type RunClaim } from './log-evaluations.ts';
import type { LogParts } from './log-parts.ts';
import { abandonRun, findLog, lockLog, updateLog } from './log-queries.ts';
import type { LogRecord } from './log-record.ts';
import { readMoment, requireOrder } from './log-times.ts';
import type { VersionedLog } from './versioned-log.ts';
import { versioned } from './versioned-log.ts';

/** The log to change. `fileId` is the file that the request names, if it names one. */
export interface LogTarget {
  readonly kind: FileKind;
  readonly fileId?: string;
  readonly logId: string;
}

/**
 * Changes a log. Completing the log of a waiting run ends the run. Completing a flow closes its
 * trace.
 *
 * @param claim how the update says to which Run of an Evaluation the log belongs.
 * @throws `log_not_found`; `log_complete` when the update would open a complete log again, and
 *   `run_under_way` when a run still writes the log (both conflict); `invalid` for both an output
 *   and an error, and for completing a flow that has no outcome.
 */
export async function changeLog(
  parts: LogParts,
  workspace: Workspace,
  { kind, fileId, logId }: LogTarget,
  update: LogUpdate,
  claim: RunClaim = noClaim,
): Promise<VersionedLog> {
  if (typeof update.output === 'string' && typeof update.error === 'string') {
    throw invalid(['body'], 'A log can have an `output` or an `error`, not both.');
  }
  return inTransaction(workspace, async (workspace) => {
    const locked = await lockLog(workspace, logId, 'update');
    if (locked?.type !== kind.type) throw logNotFound(logId);
    if (fileId !== undefined && locked.file_id !== fileId) throw logNotFound(logId);
    if (locked.log_status === 'complete' && update.log_status === 'incomplete') {
      throw logComplete(logId);
    }
    const before = await findLog(workspace, logId);
    if (!before) throw logNotFound(logId);
    if (before.run) {
      const isAbandoned = update.log_status === 'complete' && (await abandonRun(workspace, logId));
      if (!isAbandoned) throw runUnderWay(logId);
    }
    const changes = requestedChanges(parts, before.record, update);
    if (kind.log?.isWholeTrace) requireTraceOutcome(before.record, changes);
    await updateLog(workspace, logId, before.run ? { ...changes, ended_as: 'closed' } : changes);
    const after = await findLog(workspace, logId);
    if (!after) throw logNotFound(logId);
    const changed = { before: before.record, after: after.record };
    await parts.evaluations.changed(workspace, changed, claim);
    return versioned(workspace, after);
  });
}

/** The payloads: stored only if the log has `save`. */
const payloadFields = [
  'output_message',
  'inputs',
  'tool_choice',
  'stdout',
  'provider_request',
  'provider_response',
] as const;

/** Fields without payloads: stored also with `save: false`. */
const plainFields = [
  'source',
  'metadata',
  'prompt_tokens',
  'reasoning_tokens',
  'output_tokens',
  'prompt_cost',
  'output_cost',
  'finish_reason',
  'provider_latency',
] as const;

function requestedChanges(
  { clock }: LogParts,
  before: LogRecord,
  update: LogUpdate,
): Partial<LogRecord> {
  const { messages, output, error, log_status: status } = update;
  const payloads: Partial<LogRecord> = {
    ...(messages ? { messages, messages_replaced: true } : {}),
    ...presentFields(update, payloadFields),
    // Let `null` clear these two fields. In every other field `null` changes nothing.
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
  };
  return {
    ...(before.save ? payloads : {}),
    ...changedTimes(clock.now(), before, update),
    ...presentFields(update, plainFields),
    ...(status ? { log_status: status } : {}),
  };
}

/**
 * The times that an update sets or implies. Completing a log sets its end; its start and end set
 * its latency.
 */
function changedTimes(now: Date, before: LogRecord, update: LogUpdate): Partial<LogRecord> {
  const created = readMoment(update, 'created_at');
  const start = readMoment(update, 'start_time') ?? before.start_time;
  const isEnded = update.log_status === 'complete' && before.end_time === null;
  const end = readMoment(update, 'end_time') ?? (isEnded ? timestamp(now) : before.end_time);
  if (update.start_time || update.end_time) requireOrder(start, end);
  const isMeasured = start !== null && end !== null && before.provider_latency === null;
  return {
    ...(created === null ? {} : { created_at: created }),
    ...(start === before.start_time ? {} : { start_time: start }),
    ...(end === before.end_time ? {} : { end_time: end }),
    ...(isMeasured ? { provider_latency: secondsBetween(start, end) } : {}),
  };
}

/** The fields of an update that have a value; `null` counts as absent. */
function presentFields(
  update: LogUpdate,
  fields: readonly (keyof LogUpdate)[],
): Partial<LogRecord> {
  const entries = fields.map((field) => [field, update[field]]);
  return Object.fromEntries(
    entries.filter(([, value]) => value !== null && value !== undefined),
  ) as Partial<LogRecord>;
}

/**
 * @throws `invalid` when the update would complete a flow without an input or without an outcome.
 */
function requireTraceOutcome(before: LogRecord, changes: Partial<LogRecord>): void {
  if (changes.log_status !== 'complete' || !before.save) return;
  if (before.log_status === 'complete') return;
  const { inputs, messages, ...after } = { ...before, ...changes };
  if (inputs === null && !messages?.length) {
    throw invalid(['body', 'log_status'], 'To complete a flow, give it `inputs` or `messages`.');
  }
  if (after.output !== null || after.output_message !== null || after.error !== null) return;
  const msg = 'To complete a flow, give it an `output`, an `output_message` or an `error`.';
  throw invalid(['body', 'log_status'], msg);
}
