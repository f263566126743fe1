import type { AgentSpec } from '../../../contract/kinds/agent.ts';
import { mapped } from '../../../kernel/each.ts';
import type { TurnRecord } from '../../../logs/log-record.ts';
import { trimRequest } from '../../../logs/wire-body.ts';
import type { ModelRequest } from '../../../providers/provider.ts';
import type { Happening } from '../../events/run-event.ts';
import { askModel } from '../../models/ask-model.ts';
import { modelRequest, wholeConversation } from '../../models/model-request.ts';
import { asTurn, failedTurn } from '../../models/turns.ts';
import type { KindRun } from '../runtime-parts.ts';

/**
 * Makes one model call of a run. Yields the text of the answer as it arrives, and returns the turn.
 * The caller writes the turn. When the call ends after the beginning of an answer, the end of the run
 * writes that.
 *
 * @throws ProviderFailure when the call fails after its retries.
 */
export async function* modelTurn(run: KindRun<'agent'>): AsyncGenerator<Happening, TurnRecord> {
  const { transcript, version } = run;
  const { spec } = version;
  const number = run.turns.length + 1;
  yield { type: 'agent_start' };
  const answer = yield* mapped(
    askModel(run, spec, await nextRequest(run, spec), (reply) => {
      transcript.broken = withTrimmedRequest(transcript, failedTurn(reply, number, null));
    }),
    (delta): Happening => ({ type: 'agent_update', delta }),
  );
  const turn = withTrimmedRequest(transcript, asTurn(run, answer, number));
  transcript.requestBefore = answer.providerRequest;
  return turn;
}

function withTrimmedRequest(
  { requestBefore }: KindRun['transcript'],
  turn: TurnRecord,
): TurnRecord {
  const { request, shared } = trimRequest(turn.provider_request, requestBefore);
  return { ...turn, provider_request: request, shared_messages: shared };
}

async function nextRequest(run: KindRun<'agent'>, spec: AgentSpec): Promise<ModelRequest> {
  const { record, transcript, tools, workspace } = run;
  const choice = record.tool_choice ?? undefined;
  // Apply a choice that forces a call to the first turn only: it would force a call in every turn,
  // and the run would never end.
  const holdsForAll = choice === 'none' || choice === 'auto';
  return modelRequest(spec, {
    messages: await wholeConversation(
      { spec, record, snippets: tools.snippets, call: transcript, workspace },
      run.turns,
    ),
    tools: [...tools.byName.values()].map((tool) => tool.function),
    toolChoice: run.turns.length === 0 || holdsForAll ? choice : undefined,
    stream: run.callOptions.stream ?? false,
  });
}
