import type { AgentSpec } from '../../../contract/kinds/agent.ts';
import { type ModelSpec, providerOf } from '../../../contract/kinds/model.ts';
import type { ModelName } from '../../../contract/providers.ts';
import { timestamp } from '../../../kernel/clock.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { TurnRecord } from '../../../logs/log-record.ts';
import { trimRequest } from '../../../logs/wire-body.ts';
import { callModel, type TimedAnswer } from '../../../providers/call-model.ts';
import {
  type ModelEvent,
  type ModelRequest,
  ProviderFailure,
} from '../../../providers/provider.ts';
import type { Happening } from '../../events/run-event.ts';
import { requestTo, withFallbacks } from '../../models/fallbacks.ts';
import {
  type ChosenProvider,
  chooseProvider,
  conversationOf,
  modelRequest,
} from '../../models/model-request.ts';
import { keysOf, type ProviderKeys } from '../../models/provider-keys.ts';
import { usageColumns } from '../../models/usage-columns.ts';
import { withVendorHint } from '../../models/vendor-hint.ts';
import type { Run } from '../../runs/run.ts';
import type { RuntimeParts } from '../../runs/runtime-parts.ts';

/**
 * One model call of a run: yields the answer's text as it comes, and returns the turn. Nothing is
 * written; the caller commits the turn with what follows from it.
 *
 * @throws ProviderFailure when the call fails after its retries.
 */
export async function* modelTurn(run: Run): AsyncGenerator<Happening, TurnRecord> {
  const spec = run.version.spec as AgentSpec;
  yield { type: 'agent_start' };
  const asking = askModel(run, spec, requestOf(run, spec));
  let step = await asking.next();
  for (; !step.done; step = await asking.next()) yield { type: 'agent_update', delta: step.value };
  const answer = step.value;
  run.note(answer.warnings);
  const turn = turnOf(run, answer, run.turns.length + 1);
  const { request, shared } = trimRequest(answer.providerRequest, run.requestBefore);
  run.requestBefore = answer.providerRequest;
  return { ...turn, provider_request: request, shared_messages: shared };
}

/** What a model call is made with: of a run, or of a call in it. */
type Asker = Pick<Run, 'parts' | 'workspace' | 'providerApiKeys' | 'signal' | 'note'>;

/** An answer, and the model that it is of. */
type Reply = TimedAnswer & ModelName;

/**
 * Calls the model of a spec, or one of its fallbacks, with the keys and limits of a run: yields the
 * text of the answer as it comes, and returns the answer.
 *
 * @throws ProviderFailure when the call fails after its retries, or when there is no key for it, and
 *   no fallback answers.
 */
export async function* askModel(
  asker: Asker,
  spec: ModelSpec,
  request: ModelRequest,
): AsyncGenerator<string, Reply> {
  const note = (lines: readonly string[]) => asker.note(lines);
  const asking = withFallbacks(spec, note, (target) => ask(asker, target, request));
  let step = await asking.next();
  for (; !step.done; step = await asking.next()) {
    if (step.value.type === 'text') yield step.value.delta;
  }
  return step.value;
}

async function* ask(
  asker: Asker,
  target: ModelSpec,
  request: ModelRequest,
): AsyncGenerator<ModelEvent, Reply> {
  const { parts, signal } = asker;
  const { provider, apiKey } = chosenNow(parts, target, await keysOf(asker));
  const { modelLimits: limits, logger: log } = parts;
  const calling = callModel(provider, requestTo(target, request), { apiKey, signal, limits, log });
  const asked = { provider: providerOf(target), model: target.model };
  try {
    return { ...(yield* calling), ...asked };
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    throw withVendorHint(error, asked);
  }
}

/**
 * The vendor of a version, and the key that there is for it now. There was one when the run began;
 * one that was taken away since then fails the call, as one that the vendor refuses does.
 */
function chosenNow(parts: RuntimeParts, spec: ModelSpec, keys: ProviderKeys): ChosenProvider {
  try {
    return chooseProvider(parts, spec, keys);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const { title: origin = providerOf(spec) } = parts.providers[providerOf(spec)] ?? {};
    throw new ProviderFailure('unauthorized', error.message, { origin, cause: error });
  }
}

/** A model call as a turn. @param number from 1. */
export function turnOf(
  { parts: { prices } }: Pick<Run, 'parts'>,
  answer: Reply,
  number: number,
): TurnRecord {
  const { provider, model } = answer;
  const usage = usageColumns(answer.usage);
  const at = timestamp(answer.startedAt);
  return {
    number,
    started_at: at,
    first_token_at: answer.firstTokenAt && timestamp(answer.firstTokenAt),
    ended_at: timestamp(answer.endedAt),
    provider,
    model,
    finish_reason: answer.finishReason,
    error: null,
    ...usage,
    ...prices.costOf({ provider, model, usage, at }),
    message: answer.message,
    parts: answer.parts ?? null,
    results: [],
    continuation: null,
    provider_request: answer.providerRequest,
    shared_messages: 0,
    provider_response: answer.providerResponse,
  };
}

function requestOf(run: Run, spec: AgentSpec): ModelRequest {
  const choice = run.record.tool_choice ?? undefined;
  // A choice that forces a call would force one in every turn, and the loop could never end.
  const holdsForAll = choice === 'none' || choice === 'auto';
  return modelRequest(spec, {
    messages: conversationOf(spec, run.record, run.turns, run.tools.snippets),
    tools: [...run.tools.byName.values()].map((tool) => tool.function),
    toolChoice: run.turns.length === 0 || holdsForAll ? choice : undefined,
    stream: run.stream,
  });
}
