import { providerOf } from '../../../contract/kinds/model.ts';
import { mapped } from '../../../kernel/each.ts';
import { merge } from '../../../kernel/merge.ts';
import type { TurnRecord } from '../../../logs/log-record.ts';
import { textOf } from '../../../logs/message-text.ts';
import { ProviderFailure } from '../../../providers/provider.ts';
import type { Happening, Running, RunOutcome } from '../../events/run-event.ts';
import { askModel, type BrokenReply } from '../../models/ask-model.ts';
import { emptyAnswer } from '../../models/empty-answer.ts';
import { withModelFailures } from '../../models/errors.ts';
import { modelRequest, wholeConversation } from '../../models/model-request.ts';
import { asTurn, type FailedReply, failedTurn } from '../../models/turns.ts';
import { comeToRest } from '../../runs/end-run.ts';
import { commitTurn } from '../../runs/step-queries.ts';
import type { KindRun } from '../runtime-parts.ts';

/**
 * The steps of a prompt's run: one model call for each sample, concurrently. Tool calls in the
 * answers are returned to the client, and not run.
 *
 * Each sample is on disk, as a turn, before its events are emitted. The run fails when all samples
 * fail.
 */
export function runPrompt(run: KindRun<'prompt'>): Running<RunOutcome> {
  return withModelFailures(samples(run));
}

async function* samples(run: KindRun<'prompt'>): Running<RunOutcome> {
  const { samples = 1 } = run.callOptions;
  if (samples === 1) {
    const turn = yield* sample(run, 0, (reply) => {
      run.transcript.broken = failedTurn(reply, 1, null);
    });
    run.transcript.addSample(turn);
    return yield* finish(run, turn, turn);
  }
  const done = new Set(run.turns.map(({ number }) => number));
  const missing = Array.from({ length: samples }, (_, index) => index).filter(
    (index) => !done.has(index + 1),
  );
  const failures: ProviderFailure[] = [];
  yield* merge(missing.map((index) => storedSample(run, index, failures)));
  const inOrder = run.turns.toSorted((a, b) => a.number - b.number);
  const best = inOrder.find(({ error }) => error === null);
  // Make a new failure if this process has none: all samples may have failed before it took the run
  // over, and only the text of a failure is stored, not its kind.
  if (!best)
    throw (
      failures[0] ??
      new ProviderFailure('unavailable', inOrder[0]?.error ?? '', {
        origin: providerOf(run.version.spec),
      })
    );
  return yield* finish(run, best, null);
}

/** @param unwritten the turn that is not on disk yet; null when every turn is. */
async function* finish(
  run: KindRun<'prompt'>,
  best: TurnRecord,
  unwritten: TurnRecord | null,
): Running<RunOutcome> {
  const { message, finish_reason } = best;
  const { error, note } = emptyAnswer(best);
  if (note !== null) run.notes.add([note]);
  return yield* comeToRest(run, {
    as: 'finished',
    turn: unwritten,
    shows: {
      log_status: null,
      output: message && textOf(message),
      output_message: message,
      error,
      finish_reason,
    },
    emits: (log) => [
      ...(unwritten ? [{ type: 'sample_end' as const, turn: unwritten }] : []),
      { type: 'prompt_end', log },
    ],
  });
}

/** Makes and commits one of several samples. If it fails, the failure is added to `failures`. */
async function* storedSample(
  run: KindRun<'prompt'>,
  index: number,
  failures: ProviderFailure[],
): Running<void> {
  let turn: TurnRecord;
  let broken: BrokenReply | undefined;
  try {
    turn = yield* sample(run, index, (reply) => {
      broken = reply;
    });
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    failures.push(error);
    turn = failedTurn(broken ?? unanswered(run, error), index + 1, error.message);
  }
  run.transcript.addSample(turn);
  const { workspace, lease, record } = run;
  yield {
    type: 'step',
    happenings: [{ type: 'sample_end', turn }],
    write: (progress) => commitTurn(workspace, lease, turn, { save: record.save, ...progress }),
  };
}

async function* sample(
  run: KindRun<'prompt'>,
  index: number,
  onBroken: (reply: BrokenReply) => void,
): Running<TurnRecord> {
  const { record, tools, transcript, workspace } = run;
  const { spec } = run.version;
  const { logprobs, suffix } = run.callOptions;
  const request = modelRequest(spec, {
    messages: await wholeConversation(
      { spec, record, snippets: tools.snippets, call: transcript, workspace },
      [],
    ),
    tools: [...tools.byName.values()].map((tool) => tool.function),
    toolChoice: record.tool_choice ?? undefined,
    stream: run.callOptions.stream ?? false,
    logprobs,
    suffix,
  });
  const answer = yield* mapped(
    askModel(run, spec, request, onBroken),
    (delta): Happening => ({ type: 'sample_update', index, delta }),
  );
  return asTurn(run, answer, index + 1);
}

/** A call that failed before anything of an answer came. */
function unanswered(
  { parts }: KindRun<'prompt'>,
  { providerRequest, providerResponse }: ProviderFailure,
): FailedReply {
  const at = parts.clock.now();
  return {
    provider: null,
    model: null,
    text: '',
    startedAt: at,
    firstTokenAt: null,
    endedAt: at,
    providerRequest,
    providerResponse,
  };
}
