import type { ToolCall } from '../../../contract/chat.ts';
import { defaultMaxIterations } from '../../../contract/kinds/agent.ts';
import { pendingCalls } from '../../../logs/conversation.ts';
import type { TurnRecord } from '../../../logs/log-record.ts';
import { textOf } from '../../../logs/message-text.ts';
import { waitingRun } from '../../../logs/waiting-run.ts';
import { endingOf } from '../../../providers/finish-reasons.ts';
import type { Happening, Running, RunOutcome } from '../../events/run-event.ts';
import { emptyAnswer } from '../../models/empty-answer.ts';
import { withModelFailures } from '../../models/errors.ts';
import { closeLog, comeToRest, loggedRun } from '../../runs/end-run.ts';
import { sealConversation } from '../../runs/sealed-conversation.ts';
import { commitRest, commitTurn } from '../../runs/step-queries.ts';
import type { KindRun } from '../runtime-parts.ts';
import { withClientTools } from './client-tools.ts';
import { answerWith } from './linked-call.ts';
import { modelTurn } from './model-turn.ts';
import { noRecordedResult, withRecordedTools } from './recorded-tools.ts';
import { withRemoteTools } from './remote-tools.ts';
import { isCut, runToolCalls, sortCalls, stopOutput } from './tool-calls.ts';

/**
 * The steps of an agent's run: a model call, its tool calls, the next model call, until the agent
 * is done or waits for the client.
 *
 * Every step is on disk before the next one starts (R3), and before its events are emitted (R4).
 */
export async function* runAgent(run: KindRun<'agent'>): Running<RunOutcome> {
  if (run.origin.type === 'called') yield { type: 'agent_turn_start' };
  if (run.origin.type === 'continued') yield { type: 'agent_turn_continue' };
  return yield* withModelFailures(
    withRemoteTools(run, withClientTools(run, withRecordedTools(run, turns(run)))),
  );
}

async function* turns(run: KindRun<'agent'>): Running<RunOutcome> {
  // Answer the last turn first: another process may have left it with open calls, and vendors
  // reject a conversation that goes on without their results.
  let outcome = yield* answerLastTurn(run);
  while (!outcome) outcome = yield* nextTurn(run);
  return outcome;
}

/** Calls the model and runs its tool calls. @returns undefined when the run goes on. */
async function* nextTurn(run: KindRun<'agent'>): Running<RunOutcome | undefined> {
  const limit = run.version.spec.max_iterations ?? defaultMaxIterations;
  const before = run.transcript.lastTurn;
  const turn = yield* modelTurn(run);
  const { stop, ours, clients, refusals } = sortCalls(
    run.tools,
    turn,
    run.parts.runLimits.callsPerTurn,
  );
  const isCalling = (turn.message?.tool_calls ?? []).length > 0;
  const goesOn = isCalling || endingOf(turn.finish_reason) === 'paused';
  if (!goesOn) return yield* finishWithAnswer(run, turn);
  if (isCut(turn) && before && isCut(before)) {
    const error = `The answer was cut twice in a row (\`${turn.finish_reason}\`), so its tool calls were not run.`;
    return yield* finish(run, turn, turn.message && textOf(turn.message), error);
  }
  if (turn.number >= limit && !stop) return yield* finishAtLimit(run, turn, limit);
  if (ours.length === 0 && stop) return yield* finish(run, turn, stopOutput(stop.call));

  const answered = { ...turn, results: refusals };
  if (ours.length === 0 && clients.length > 0) return yield* awaitClient(run, answered, clients);
  yield* writeTurn(run, answered);
  return yield* answerLastTurn(run);
}

/**
 * Runs the open calls of the last turn that the server answers. The turn is on disk (R3).
 *
 * @returns undefined when every call is answered, and the model must be called again.
 */
async function* answerLastTurn(run: KindRun<'agent'>): Running<RunOutcome | undefined> {
  const turn = run.transcript.lastTurn;
  if (!turn || turn.continuation) return undefined;
  const { stop, ours, refusals } = sortCalls(run.tools, turn, run.parts.runLimits.callsPerTurn);
  const open = new Set(pendingCalls(turn).map(({ id }) => id));
  // Answer calls of tools that have disappeared since the turn was written, because their server is
  // gone: the run would wait for those answers forever. Other refused calls have their answers
  // already.
  const refused = refusals.filter((message) => open.has(message.tool_call_id ?? ''));
  for (const message of refused) yield* answerWith(run, message);
  const unanswered = ours.filter(({ call }) => open.has(call.id));
  if (unanswered.length > 0) yield* runToolCalls(run, unanswered);
  const left = run.transcript.lastTurn ? pendingCalls(run.transcript.lastTurn) : [];
  const { recorded } = run.callOptions;
  const missed = recorded && left.find(({ id }) => ours.some(({ call }) => call.id === id));
  if (missed && recorded.on_miss === 'fail') throw noRecordedResult(recorded, missed);
  if (stop) return yield* finish(run, null, findResult(run, stop.call) ?? stopOutput(stop.call));
  if (missed) return yield* stopAt(run, missed);
  return left.length > 0 ? yield* awaitClient(run, null, left) : undefined;
}

/** Ends a run with the last answer of its model, which may be none. */
async function* finishWithAnswer(run: KindRun<'agent'>, turn: TurnRecord): Running<RunOutcome> {
  const { error, note } = emptyAnswer(turn);
  if (note !== null) run.notes.add([note]);
  return yield* finish(run, turn, textOf(turn.message ?? { role: 'assistant' }), error);
}

/** Ends a run whose model may not be called again. What its last message calls is not run. */
async function* finishAtLimit(
  run: KindRun<'agent'>,
  turn: TurnRecord,
  limit: number,
): Running<RunOutcome> {
  const output = textOf(turn.message ?? { role: 'assistant' });
  const text = `The run ended after ${limit} iterations, its limit (\`max_iterations\`), before its model was done.`;
  if (output?.trim()) run.notes.add([text]);
  return yield* finish(run, turn, output, output?.trim() ? null : text);
}

/** Ends a run at a call that nobody answers, as a stop tool does. */
async function* stopAt(run: KindRun<'agent'>, call: ToolCall): Running<RunOutcome> {
  run.notes.add([
    `The run ended at a call of \`${call.function.name}\`, for which there is no recorded result.`,
  ]);
  return yield* finish(run, null, null);
}

/**
 * Leaves calls to the client: suspends the run, or ends it if no client will answer.
 *
 * @param turn the last turn; null when it is on disk.
 */
async function* awaitClient(
  run: KindRun<'agent'>,
  turn: TurnRecord | null,
  calls: readonly ToolCall[],
): Running<RunOutcome> {
  if (!run.callOptions.client_tools) return yield* suspend(run, turn);
  const names = calls.map(({ function: { name } }) => `\`${name}\``).join(', ');
  const text = `The run ended at a call of ${names}, which only a client can answer.`;
  run.notes.add([text]);
  // Show an error below another agent: its model would read an empty result otherwise.
  return yield* finish(run, turn, null, run.ancestors.length > 0 ? text : null);
}

/** The result of a call; undefined while the call is open. */
function findResult(run: KindRun<'agent'>, { id }: ToolCall): string | null | undefined {
  const result = run.transcript.lastTurn?.results.find((message) => message.tool_call_id === id);
  return result && textOf(result);
}

async function* writeTurn(run: KindRun<'agent'>, turn: TurnRecord): Running<void> {
  run.transcript.addTurn(turn);
  const { workspace, lease, record } = run;
  yield {
    type: 'step',
    happenings: [{ type: 'agent_end', turn }],
    write: (progress) => commitTurn(workspace, lease, turn, { save: record.save, ...progress }),
  };
}

/** @param turn the last turn; null when it is on disk. */
async function* finish(
  run: KindRun<'agent'>,
  turn: TurnRecord | null,
  output: string | null,
  error: string | null = null,
): Running<RunOutcome> {
  if (turn) run.transcript.addTurn(turn);
  const message = run.transcript.lastTurn?.message ?? null;
  return yield* comeToRest(run, {
    as: 'finished',
    turn,
    shows: { output, output_message: message, error },
    emits: (log) => [...turnEnd(turn), { type: 'agent_turn_end', log }],
  });
}

/** @param turn the last turn; null when it is on disk. */
async function* suspend(run: KindRun<'agent'>, turn: TurnRecord | null): Running<RunOutcome> {
  if (turn) run.transcript.addTurn(turn);
  const { end_time, provider_latency } = run.record;
  const record = closeLog(run, { log_status: 'incomplete', end_time, provider_latency });
  const sealed = record.save ? null : sealConversation(run);
  const ended = turnEnd(turn);
  const log = loggedRun(run, waitingRun(run.turns.length));
  yield {
    type: 'step',
    happenings: [...ended, { type: 'agent_turn_suspend', log }],
    write: (progress) =>
      commitRest(run.workspace, run.lease, {
        state: 'suspended',
        turn,
        record,
        sealed,
        ...progress,
      }),
  };
  return { log, endedAs: null };
}

function turnEnd(turn: TurnRecord | null): readonly Happening[] {
  return turn ? [{ type: 'agent_end', turn }] : [];
}
