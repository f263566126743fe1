import { findDatapoints } from '../../../files/datasets/datapoint-queries.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { isRecord } from '../../../kernel/json-object.ts';
import type { Running, RunOutcome } from '../../events/run-event.ts';
import { comeToRest } from '../../runs/end-run.ts';
import type { KindRun } from '../runtime-parts.ts';
import { judgeOne } from './judge.ts';
import type { JudgeItem } from './judge-call.ts';
import { judgedLogOf } from './judged-log.ts';
import { newVerdict } from './verdict.ts';

/**
 * The steps of an evaluator's run: one verdict, on a log that the inputs of the call describe. An
 * error in its code or of its model is no failure: it becomes the log's `error`. When the server
 * cannot judge, the run fails, and its log has the reason.
 */
export async function* runEvaluator(run: KindRun<'evaluator'>): Running<RunOutcome> {
  const { parts, workspace, version, signal } = run;
  let verdict = newVerdict({});
  let failure: PlatformError | undefined;
  try {
    const item = await itemOf(run);
    verdict = await judgeOne(parts, workspace, version, item, { lane: 'judging', signal });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    verdict = newVerdict({ error: error.message });
    failure = error;
  }
  const { inputs, start_time, end_time, provider_latency, metadata, ...shown } = verdict;
  const outcome = yield* comeToRest(run, {
    as: failure ? 'failed' : 'finished',
    shows: { log_status: null, ...shown, metadata: metadata ?? run.record.metadata },
    emits: () => [],
  });
  return { ...outcome, failure };
}

/** What the call asks to judge: the log in its inputs, or its inputs and messages as a log. */
async function itemOf({ workspace, record }: KindRun<'evaluator'>): Promise<JudgeItem> {
  const { inputs, messages, source_datapoint_id: datapointId } = record;
  const log = inputs?.['log'];
  const { output } = inputs ?? {};
  const datapoints = await findDatapoints(workspace, datapointId === null ? [] : [datapointId]);
  return {
    log: judgedLogOf(isRecord(log) ? { ...log } : { inputs, messages, output: output ?? null }),
    testcase: datapoints.get(datapointId ?? '') ?? null,
  };
}
