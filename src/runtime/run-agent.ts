import type { AgentSpec } from '../contract/kinds/agent.ts';
import type { RunRecord, TurnRecord } from '../logs/log-record.ts';
import { comeToRest, untilRest } from './end-run.ts';
import { textOf } from './message-text.ts';
import { modelTurn } from './model-turn.ts';
import { withRemoteTools } from './remote-tools.ts';
import type { Run } from './run.ts';
import type { Happening, RunOutcome } from './run-event.ts';
import { commitRest, commitTurn } from './run-queries.ts';
import { sealConversation } from './sealed-conversation.ts';
import { runToolCalls, sortCalls, stopOutput } from './tool-calls.ts';

type Running<Result> = AsyncGenerator<Happening, Result>;

/** How often a model is called in one turn of an agent whose version does not say. */
const defaultMaxIterations = 10;

/**
 * Runs an agent: model turn, tool calls, model turn, until it is done or must wait for the client.
 *
 * Every step is on disk before the next one starts, and before anything is told of its end.
 *
 * @throws what `untilRest` throws.
 */
export function runAgent(run: Run): Running<RunOutcome> {
  return untilRest(run, withRemoteTools(run, turns(run)));
}

async function* turns(run: Run): Running<RunOutcome> {
  const { max_iterations: limit } = run.version.spec as AgentSpec;
  for (;;) {
    const turn = yield* modelTurn(run);
    const message = turn.message ?? { role: 'assistant' };
    const { stop, ours, clients, refusals } = sortCalls(run.tools, message);
    const isCalling = (message.tool_calls ?? []).length > 0;
    const isOutOfTurns = turn.number >= (limit ?? defaultMaxIterations) && !stop;
    if (!isCalling || isOutOfTurns) return yield* finish(run, turn, textOf(message));
    if (ours.length === 0 && stop) return yield* finish(run, turn, stopOutput(stop.call));

    const answered = { ...turn, results: refusals };
    if (ours.length === 0 && clients.length > 0) return yield* suspend(run, answered);
    yield* goOn(run, answered);
    if (ours.length === 0) continue;

    const outcomes = yield* runToolCalls(run, ours, runAgent);
    if (stop) {
      const outcome = outcomes[ours.indexOf(stop)];
      const output = outcome?.type === 'answered' ? outcome.output : stopOutput(stop.call);
      return yield* finish(run, null, output);
    }
    const waits = clients.length > 0 || outcomes.some(({ type }) => type === 'suspended');
    if (waits) return yield* suspend(run, null);
  }
}

async function* goOn(run: Run, turn: TurnRecord): Running<void> {
  run.addTurn(turn);
  await commitTurn(run.workspace, run.lease, turn, {
    iterations: run.turns.length,
    eventCount: run.eventCount + 1,
    save: run.record.save,
  });
  yield { type: 'agent_end', turn };
}

/** @param turn the last one, if it is not on disk yet. */
async function* finish(
  run: Run,
  turn: TurnRecord | null,
  output: string | null,
): Running<RunOutcome> {
  if (turn) run.addTurn(turn);
  const message = run.lastTurn?.message ?? null;
  await comeToRest(run, turn, { output, output_message: message, error: null });
  if (turn) yield { type: 'agent_end', turn };
  const log = run.log(null);
  yield { type: 'agent_turn_end', log };
  return { type: 'finished', log };
}

async function* suspend(run: Run, turn: TurnRecord | null): Running<RunOutcome> {
  if (turn) run.addTurn(turn);
  const eventsToCome = turn ? 2 : 1;
  const { end_time, provider_latency } = run.record;
  const record = run.closing({ log_status: 'incomplete', end_time, provider_latency });
  const sealed = record.save ? null : sealConversation(run);
  await commitRest(run.workspace, run.lease, {
    state: 'suspended',
    turn,
    record,
    sealed,
    iterations: run.turns.length,
    eventCount: run.eventCount + eventsToCome,
  });
  if (turn) yield { type: 'agent_end', turn };
  const log = run.log(suspendedRun(run, run.eventCount + 1));
  yield { type: 'agent_turn_suspend', log };
  return { type: 'suspended', log };
}

function suspendedRun(run: Run, eventCount: number): RunRecord {
  return {
    state: 'suspended',
    iterations: run.turns.length,
    lease_owner: null,
    lease_token: run.lease.token,
    lease_expires_at: null,
    event_count: eventCount,
    continue_fingerprint: null,
    sealed_conversation: null,
    keep_open: run.keepOpen,
  };
}
