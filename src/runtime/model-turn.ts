import type { AgentSpec } from '../contract/kinds/agent.ts';
import { timestamp } from '../kernel/clock.ts';
import type { TurnRecord } from '../logs/log-record.ts';
import { trimRequest } from '../logs/wire-body.ts';
import { callModel, type TimedAnswer } from '../providers/call-model.ts';
import type { ModelRequest } from '../providers/provider.ts';
import {
  chooseProvider,
  conversationOf,
  type ModelSpec,
  modelRequest,
  providerOf,
} from './model-request.ts';
import { type Run, usageColumns } from './run.ts';
import type { Happening } from './run-event.ts';

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
  const turn = turnOf(run, spec, answer, run.turns.length + 1);
  const { request, shared } = trimRequest(answer.providerRequest, run.requestBefore);
  run.requestBefore = answer.providerRequest;
  return { ...turn, provider_request: request, shared_messages: shared };
}

/**
 * Calls the model of a spec, with the keys and limits of a run: yields the text of the answer as it
 * comes, and returns the answer.
 *
 * @throws `provider_not_supported`, `missing_provider_key` (invalid); ProviderFailure when the call
 *   fails after its retries.
 */
export async function* askModel(
  { parts, providerApiKeys, signal }: Pick<Run, 'parts' | 'providerApiKeys' | 'signal'>,
  spec: ModelSpec,
  request: ModelRequest,
): AsyncGenerator<string, TimedAnswer> {
  const { provider, apiKey } = chooseProvider(parts, spec, providerApiKeys);
  const { modelLimits: limits, logger: log } = parts;
  const calling = callModel(provider, request, { apiKey, signal, limits, log });
  let step = await calling.next();
  for (; !step.done; step = await calling.next()) {
    if (step.value.type === 'text') yield step.value.delta;
  }
  return step.value;
}

/** A model call as a turn. @param number from 1. */
export function turnOf(
  { parts: { prices } }: Pick<Run, 'parts'>,
  spec: ModelSpec,
  answer: TimedAnswer,
  number: number,
): TurnRecord {
  const usage = usageColumns(answer.usage);
  const at = timestamp(answer.startedAt);
  return {
    number,
    started_at: at,
    first_token_at: answer.firstTokenAt && timestamp(answer.firstTokenAt),
    ended_at: timestamp(answer.endedAt),
    finish_reason: answer.finishReason,
    error: null,
    ...usage,
    ...prices.costOf({ provider: providerOf(spec), model: spec.model, usage, at }),
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
