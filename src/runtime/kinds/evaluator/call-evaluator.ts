import type { EvaluatorCallRequest } from '../../../contract/kinds/evaluator.ts';
import type { LogRequest } from '../../../contract/log.ts';
import type { Workspace } from '../../../database/workspace.ts';
import { findDatapoints } from '../../../files/datasets/datapoint-queries.ts';
import { draftVersion } from '../../../files/draft-version.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import { evaluatorKind } from '../../../files/kinds/evaluator.ts';
import { versionChoice, withVersion } from '../../../files/resolve-version.ts';
import { invalid } from '../../../kernel/errors.ts';
import { logNotFound } from '../../../logs/errors.ts';
import { newLogRecord } from '../../../logs/new-log.ts';
import { getLog } from '../../../logs/read-logs.ts';
import { type LoggedVersion, recordLog } from '../../../logs/record-log.ts';
import { type VersionedLog, versioned } from '../../../logs/versioned-log.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import { judgeOne, requireServerJudged } from './judge.ts';
import type { JudgeItem, Testcase } from './judge-call.ts';
import { judgedLogOf } from './judged-log.ts';
import { loadJudgedLogs } from './load-judged-logs.ts';

/**
 * Judges one log at once, to try an evaluator.
 *
 * @returns the log of the evaluator; it is stored only with `save`.
 * @throws what `withVersion` and `recordLog` throw; `log_not_found` (not_found); `invalid` for an
 *   evaluator that the server does not run, and for a request without a log or with two;
 *   `missing_provider_key`; what `judge` throws.
 */
export async function callEvaluator(
  parts: RuntimeParts,
  workspace: Workspace,
  called: LoggedVersion,
  request: EvaluatorCallRequest,
  signal: AbortSignal,
): Promise<VersionedLog> {
  requireOneLog(request);
  const version = await calledVersion(parts, workspace, called, request);
  await requireServerJudged(parts, workspace, version);
  const item = await itemOf(workspace, request);
  const { id = null, path = null, log_id: parent_id = null } = request;
  const verdict = await judgeOne(parts, workspace, version, item, { lane: 'live', signal });
  const { environment } = called.selector;
  // Safe: the fields of a verdict are those of a log.
  const log = {
    ...verdict,
    id,
    path,
    parent_id,
    source_datapoint_id: datapointOf(item),
    environment,
  } as LogRequest;
  if (request.save) {
    // Name the version that judged: another may have been deployed meanwhile.
    const judged =
      called.inlineSpec === undefined ? { selector: { versionId: version.versionId } } : called;
    const logged = { inlineSpec: undefined, ...judged };
    const { id: logId } = await recordLog(parts, workspace, evaluatorKind, logged, log);
    return versioned(workspace, await getLog(workspace, logId));
  }
  const { clock } = parts;
  const record = newLogRecord(version, log, { clock, environment, requestFingerprint: null });
  return { view: { record, turns: [], run: null }, version };
}

function requireOneLog({ log_id: id, log, save }: EvaluatorCallRequest): void {
  if (id && log) throw invalid(['body', 'log'], 'Give `log_id` or `log`, not both.');
  if (!id && !log) throw invalid(['body', 'log_id'], 'Give `log_id` or `log`: the log to judge.');
  if (save && !id) {
    throw invalid(['body', 'log_id'], 'With `save` the judged log must be stored: give its id.');
  }
}

/** An inline version is not stored before its judgment is. */
async function calledVersion(
  { clock }: RuntimeParts,
  workspace: Workspace,
  { selector, inlineSpec }: LoggedVersion,
  request: EvaluatorCallRequest,
): Promise<FileVersion<'evaluator'>> {
  if (inlineSpec === undefined) {
    const named = { locator: request, selector };
    return withVersion(workspace, evaluatorKind, named, async (_workspace, version) => version);
  }
  if (versionChoice(selector).by !== 'default') {
    throw invalid(['body', 'spec'], 'Give `spec`, or `version_id` or `environment`, not both.');
  }
  return draftVersion(clock, evaluatorKind, inlineSpec, request.path ?? undefined);
}

async function itemOf(
  workspace: Workspace,
  { log_id: id, log: given, testcase }: EvaluatorCallRequest,
): Promise<JudgeItem> {
  const log = id ? (await loadJudgedLogs(workspace, [id])).get(id) : judgedLogOf(given ?? {});
  if (!log) throw logNotFound(id ?? '');
  const { source_datapoint_id: datapointId } = log;
  return {
    log,
    testcase: testcase
      ? { id: null, inputs: null, messages: null, target: null, ...testcase }
      : await datapoint(workspace, datapointId),
  };
}

async function datapoint(workspace: Workspace, id: unknown): Promise<Testcase | null> {
  if (typeof id !== 'string') return null;
  return (await findDatapoints(workspace, [id])).get(id) ?? null;
}

function datapointOf({ log }: JudgeItem): string | null {
  const { source_datapoint_id: id } = log;
  return typeof id === 'string' ? id : null;
}
