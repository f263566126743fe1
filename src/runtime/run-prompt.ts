import type { PromptSpec } from '../contract/kinds/prompt.ts';
import { timestamp } from '../kernel/clock.ts';
import { merge } from '../kernel/merge.ts';
import type { TurnRecord } from '../logs/log-record.ts';
import { ProviderFailure } from '../providers/provider.ts';
import { comeToRest, untilRest } from './end-run.ts';
import { textOf } from './message-text.ts';
import { conversationOf, modelRequest } from './model-request.ts';
import { askModel, turnOf } from './model-turn.ts';
import { type Run, usageColumns } from './run.ts';
import type { Happening, RunOutcome } from './run-event.ts';
import { commitTurn } from './run-queries.ts';

type Running<Result> = AsyncGenerator<Happening, Result>;

/** What a call says of how a prompt's model is to be asked, beside the version. */
export interface PromptCallOptions {
  /** How many answers are wanted, at least one. They are asked for side by side. */
  readonly samples: number;
  /** How many alternatives of each token are wanted with their probabilities. */
  readonly logprobs: number | undefined;
  /** What comes after the completion. */
  readonly suffix: string | undefined;
}

/**
 * Runs a prompt: one model call for each sample. What a model calls is not run; it is answered.
 *
 * Each sample is on disk, as a turn, before it is told of. The call fails when all of them do.
 */
export function runPrompt(run: Run, options: PromptCallOptions): Running<RunOutcome> {
  return untilRest(run, samples(run, options));
}

async function* samples(run: Run, options: PromptCallOptions): Running<RunOutcome> {
  if (options.samples === 1) {
    const turn = yield* sample(run, options, 0);
    run.addTurn(turn);
    return yield* finish(run, turn, turn);
  }
  const failures: ProviderFailure[] = [];
  // A run writes one step at a time, and knows only then that its lease still holds.
  let written: Promise<void> = Promise.resolve();
  const inTurn = (write: () => Promise<void>) => {
    written = written.then(write);
    return written;
  };
  const turns = yield* merge(
    Array.from({ length: options.samples }, (_, index) =>
      storedSample(run, options, index, { failures, inTurn }),
    ),
  );
  const best = turns.find(({ error }) => error === null);
  if (!best) throw failures[0];
  return yield* finish(run, best, null);
}

/** @param unwritten the turn that is not on disk yet. */
async function* finish(
  run: Run,
  { message, finish_reason }: TurnRecord,
  unwritten: TurnRecord | null,
): Running<RunOutcome> {
  await comeToRest(run, unwritten, {
    log_status: null,
    output: message && textOf(message),
    output_message: message,
    error: null,
    finish_reason,
  });
  if (unwritten) yield { type: 'sample_end', turn: unwritten };
  const log = run.log(null);
  yield { type: 'prompt_end', log };
  return { type: 'finished', log };
}

interface SharedAmongSamples {
  readonly failures: ProviderFailure[];
  /** Writes after those that came before. */
  readonly inTurn: (write: () => Promise<void>) => Promise<void>;
}

/** One sample of several, committed by itself; its failure is its own. */
async function* storedSample(
  run: Run,
  options: PromptCallOptions,
  index: number,
  { failures, inTurn }: SharedAmongSamples,
): Running<TurnRecord> {
  let turn: TurnRecord;
  try {
    turn = yield* sample(run, options, index);
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    failures.push(error);
    turn = failedTurn(run, error, index);
  }
  run.addTurn(turn);
  await inTurn(() =>
    commitTurn(run.workspace, run.lease, turn, {
      iterations: run.turns.length,
      eventCount: run.eventCount + 1,
      save: run.record.save,
    }),
  );
  yield { type: 'sample_end', turn };
  return turn;
}

async function* sample(
  run: Run,
  { logprobs, suffix }: PromptCallOptions,
  index: number,
): Running<TurnRecord> {
  const spec = run.version.spec as PromptSpec;
  const request = modelRequest(spec, {
    messages: conversationOf(spec, run.record, [], run.tools.snippets),
    tools: [...run.tools.byName.values()].map((tool) => tool.function),
    toolChoice: run.record.tool_choice ?? undefined,
    stream: run.stream,
    logprobs,
    suffix,
  });
  const asking = askModel(run, spec, request);
  let step = await asking.next();
  for (; !step.done; step = await asking.next()) {
    yield { type: 'sample_update', index, delta: step.value };
  }
  run.note(step.value.warnings);
  return turnOf(run, spec, step.value, index + 1);
}

function failedTurn(run: Run, failure: ProviderFailure, index: number): TurnRecord {
  const at = timestamp(run.parts.clock.now());
  const unknown = {
    inputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    outputTokens: null,
    reasoningTokens: null,
  };
  return {
    number: index + 1,
    started_at: at,
    first_token_at: null,
    ended_at: at,
    finish_reason: null,
    error: failure.message,
    ...usageColumns(unknown),
    prompt_cost: null,
    output_cost: null,
    price_table: null,
    message: null,
    parts: null,
    results: [],
    continuation: null,
    provider_request: failure.providerRequest ?? null,
    shared_messages: 0,
    provider_response: failure.providerResponse ?? null,
  };
}
