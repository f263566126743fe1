import type { AgentSpec } from '../contract/kinds/agent.ts';
import { timestamp } from '../kernel/clock.ts';
import type { TurnRecord } from '../logs/log-record.ts';
import { trimRequest } from '../logs/wire-body.ts';
import { callModel } from '../providers/call-model.ts';
import type { ModelRequest } from '../providers/provider.ts';
import { type AgentRun, usageColumns } from './agent-run.ts';
import { chooseProvider, conversationOf, modelRequest } from './model-request.ts';
import type { Happening } from './run-event.ts';

/**
 * One model call of a run: yields the answer's text as it comes, and returns the turn. Nothing is
 * written; the caller commits the turn with what follows from it.
 *
 * @throws ProviderFailure when the call fails after its retries.
 */
export async function* modelTurn(run: AgentRun): AsyncGenerator<Happening, TurnRecord> {
  const spec = run.version.spec as AgentSpec;
  const { provider, apiKey } = chooseProvider(run.parts, spec, run.providerApiKeys);
  yield { type: 'agent_start' };
  const calling = callModel(provider, requestOf(run, spec), {
    apiKey,
    signal: run.signal,
    limits: run.parts.modelLimits,
    log: run.parts.logger,
  });
  let step = await calling.next();
  for (; !step.done; step = await calling.next()) {
    if (step.value.type === 'text') {
      yield { type: 'agent_update', delta: step.value.delta };
    }
  }
  const answer = step.value;
  run.note(answer.warnings);
  const { request, shared } = trimRequest(answer.providerRequest, run.requestBefore);
  run.requestBefore = answer.providerRequest;
  return {
    number: run.turns.length + 1,
    started_at: timestamp(answer.startedAt),
    first_token_at: answer.firstTokenAt && timestamp(answer.firstTokenAt),
    ended_at: timestamp(answer.endedAt),
    finish_reason: answer.finishReason,
    ...usageColumns(answer.usage),
    message: answer.message,
    parts: answer.parts ?? null,
    results: [],
    continuation: null,
    provider_request: request,
    shared_messages: shared,
    provider_response: answer.providerResponse,
  };
}

function requestOf(run: AgentRun, spec: AgentSpec): ModelRequest {
  const choice = run.record.tool_choice ?? undefined;
  // A choice that forces a call would force one in every turn, and the loop could never end.
  const holdsForAll = choice === 'none' || choice === 'auto';
  return modelRequest(spec, {
    messages: conversationOf(spec, run.record, run.turns),
    tools: [...run.tools.byName.values()].map((tool) => tool.function),
    toolChoice: run.turns.length === 0 || holdsForAll ? choice : undefined,
    stream: run.stream,
  });
}
