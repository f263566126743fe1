import type { AgentContinueRequest } from '../contract/call.ts';
import type { ChatMessage } from '../contract/chat.ts';
import type { AgentSpec } from '../contract/kinds/agent.ts';
import type { Workspace } from '../database/workspace.ts';
import { PlatformError } from '../kernel/errors.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { pendingCalls } from '../logs/conversation.ts';
import { logNotFound } from '../logs/errors.ts';
import { findLog } from '../logs/log-queries.ts';
import type { LogView, RunRecord, TurnRecord } from '../logs/log-record.ts';
import { offeredTools } from './agent-tools.ts';
import { continueUnderWay, notSuspended } from './errors.ts';
import { abandonChildren, claimSuspendedRun } from './lease-queries.ts';
import type { ReadableRun } from './live-run.ts';
import { chooseProvider } from './model-request.ts';
import { agentTurn } from './runnable-agent.ts';
import type { Runtime } from './runtime.ts';
import { unsealed } from './sealed-conversation.ts';
import { versioned } from './stored-run.ts';

/**
 * Goes on with a suspended run: gives the client's answers to the model.
 *
 * Of any number of continues of one log, one takes the run up. An equal one that comes while it
 * is under way joins it; another is refused.
 *
 * @throws `log_not_found`; `not_suspended`, `continue_under_way` (conflict); `invalid` for a call
 *   that is left without an answer, or an answer without a call.
 */
export async function continueRun(
  runtime: Runtime,
  workspace: Workspace,
  request: AgentContinueRequest,
  gone: AbortSignal,
): Promise<ReadableRun> {
  runtime.requireRunning();
  const logId = request.log_id;
  const asked = fingerprint(request.messages);
  for (;;) {
    const found = await findLog(workspace, logId);
    if (found?.record.type !== 'agent') throw logNotFound(logId);
    const run = requireRun(found);
    if (run.state === 'running') {
      if (run.continue_fingerprint === asked) return runtime.find(workspace, logId);
      throw run.continue_fingerprint === null
        ? notSuspended(logId, 'its run is under way.')
        : continueUnderWay(logId);
    }
    const view = unsealed(runtime.parts.secrets, workspace, found);
    const turn = requireTurn(view);
    const continuation = checkedAnswers(turn, request.messages);
    const { version } = await versioned(workspace, view);
    const spec = version.spec as AgentSpec;
    const providerApiKeys = request.provider_api_keys ?? {};
    chooseProvider(runtime.parts, spec, providerApiKeys);
    const tools = await offeredTools(workspace, version);

    const lease = await claimSuspendedRun(
      workspace,
      { logId, token: run.lease_token },
      {
        owner: runtime.owner,
        turnNumber: turn.number,
        continuation,
        fingerprint: asked,
        save: view.record.save,
      },
    );
    // Another request was faster; what it made of the run decides what becomes of this one.
    if (!lease) continue;
    await abandonChildren(
      workspace,
      logId,
      pendingCalls(turn).map(({ id }) => id),
    );
    return runtime.drive(
      {
        workspace,
        version,
        tools,
        record: view.record,
        turns: [...view.turns.slice(0, -1), { ...turn, continuation }],
        lease,
        eventCount: run.event_count,
        keepOpen: run.keep_open,
        providerApiKeys,
        stream: request.stream ?? false,
      },
      (driven) => agentTurn(driven, 'agent_turn_continue'),
      view.record.save ? undefined : gone,
    );
  }
}

function requireRun({ record, run }: LogView): RunRecord {
  if (run?.state === 'interrupted') throw notSuspended(record.id, 'it was interrupted.');
  if (run) return run;
  throw notSuspended(
    record.id,
    record.log_status === 'complete' ? 'it is complete.' : 'it is not the log of a suspended call.',
  );
}

function requireTurn({ record, turns }: LogView): TurnRecord {
  const turn = turns.at(-1);
  if (!turn) throw new Error(`Log ${record.id} is suspended before its first turn.`);
  return turn;
}

/**
 * The messages to go on with: answers first, in the order of the calls, as vendors want them; then
 * the rest. An answer to a call that the server has answered itself is passed over.
 */
function checkedAnswers(
  turn: TurnRecord,
  messages: readonly ChatMessage[],
): readonly ChatMessage[] {
  const pending = pendingCalls(turn).map(({ id }) => id);
  const known = new Set((turn.message?.tool_calls ?? []).map(({ id }) => id));
  const answers = new Map<string, ChatMessage>();
  const faults: { loc: (string | number)[]; msg: string; type: string }[] = [];
  messages.forEach((message, index) => {
    if (message.role !== 'tool') return;
    const id = message.tool_call_id;
    const fault = (msg: string) =>
      faults.push({ loc: ['body', 'messages', index, 'tool_call_id'], msg, type: 'value_error' });
    if (!id) fault('A tool message names the call that it answers.');
    else if (!known.has(id)) fault(`The agent made no call \`${id}\`.`);
    else if (answers.has(id)) fault(`Call \`${id}\` is answered twice.`);
    else answers.set(id, message);
  });
  const missing = pending.filter((id) => !answers.has(id));
  if (missing.length > 0) {
    const ids = missing.map((id) => `\`${id}\``).join(', ');
    faults.push({
      loc: ['body', 'messages'],
      msg: `Tool messages are missing for: ${ids}.`,
      type: 'value_error',
    });
  }
  if (faults.length > 0) {
    throw new PlatformError('invalid', 'invalid', 'The messages do not answer the calls.', {
      faults,
    });
  }
  const ordered = pending.flatMap((id) => answers.get(id) ?? []);
  return [...ordered, ...messages.filter(({ role }) => role !== 'tool')];
}
