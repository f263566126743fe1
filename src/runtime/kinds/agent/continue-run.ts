import type { AgentContinueRequest } from '../../../contract/call.ts';
import type { ToolCall } from '../../../contract/chat.ts';
import type { ProviderApiKeys } from '../../../contract/providers.ts';
import { inTransaction, type Workspace } from '../../../database/workspace.ts';
import { type FileVersion, isOfKind } from '../../../files/file-version.ts';
import { agentKind } from '../../../files/kinds/agent.ts';
import { assert } from '../../../kernel/assert.ts';
import { timestamp } from '../../../kernel/clock.ts';
import { invalid } from '../../../kernel/errors.ts';
import { fingerprint } from '../../../kernel/fingerprint.ts';
import { findLastAnswerer } from '../../../logs/answerer-queries.ts';
import { pendingCalls } from '../../../logs/conversation.ts';
import { logNotFound } from '../../../logs/errors.ts';
import type {
  LogView,
  RunRecord,
  StoredCallOptions,
  TurnRecord,
} from '../../../logs/log-record.ts';
import { getLog } from '../../../logs/read-logs.ts';
import { versioned } from '../../../logs/versioned-log.ts';
import { readState } from '../../events/event-queries.ts';
import type { ReadableRun } from '../../events/readable-run.ts';
import type { Lease } from '../../leases/lease.ts';
import { chooseProvider } from '../../models/choose-provider.ts';
import { requireKeys } from '../../models/missing-keys.ts';
import { findAncestors } from '../../runs/ancestors.ts';
import { abandonChildren } from '../../runs/child-run-queries.ts';
import { claimInterruptedRun, claimSuspendedRun } from '../../runs/claim-queries.ts';
import { continueUnderWay, notSuspended, parentUnderWay } from '../../runs/errors.ts';
import { waitingParent } from '../../runs/resume-run.ts';
import type { OfferedTools } from '../../runs/run.ts';
import { withinRunLimit } from '../../runs/run-limits.ts';
import { unsealed } from '../../runs/sealed-conversation.ts';
import { callOptions } from '../../runs/start-run.ts';
import { runnableAgent } from '../agent.ts';
import type { KindRuntime } from '../runtime-parts.ts';
import { agentTools } from './agent-tools.ts';
import { checkedAnswers, hasContinuedWith } from './client-answers.ts';

/**
 * Continues a run that is suspended, with the client's answers, or interrupted, with the client's
 * keys.
 *
 * Of several continues of one log at once, one claims the run. While the run is in progress, an
 * equal continue joins it, and a different one is refused. A repeat of an earlier continue joins it
 * later too.
 *
 * @throws `log_not_found`; `not_suspended`, `continue_under_way`, `parent_under_way` (conflict);
 *   `invalid` for an open call without an answer, or an answer without a call; `too_many_runs`
 *   (too_many).
 */
export async function continueRun(
  runtime: KindRuntime,
  workspace: Workspace,
  request: AgentContinueRequest,
  { gone, isRepeat }: ContinueOptions,
): Promise<ReadableRun> {
  runtime.requireRunning();
  const logId = request.log_id;
  const asked = fingerprint(request.messages);
  for (;;) {
    // Read the log again in each round: the open calls and the state of the run must come from one
    // moment. Otherwise the answers would be checked against calls that another continue has
    // answered.
    const found = await getLog(workspace, logId);
    if (found.record.type !== agentKind.type) throw logNotFound(logId);
    if (isRepeat && hasContinuedWith(found, request.messages)) {
      return runtime.findContinue(workspace, logId, found.run?.event_count ?? 0);
    }
    const run = found.run;
    if (!run) throw notSuspended(logId, noRun(found));
    if (run.state === 'running') {
      if (run.continue_fingerprint === asked) {
        return runtime.findContinue(workspace, logId, run.event_count);
      }
      throw run.continue_fingerprint === null
        ? notSuspended(logId, 'its run is in progress.')
        : continueUnderWay(logId, await findLastAnswerer(workspace, logId));
    }
    const view = unsealed(runtime.parts.secrets, workspace, found);
    const call = await checkedCall(runtime, workspace, view, request);
    const claim = run.state === 'suspended' ? continueWithAnswers : continueWithKeys;
    const driven = await claim(runtime, workspace, { view, run, call, request, asked, gone });
    // Undefined: another request claimed the run first. Look again: this request joins it, or is
    // refused.
    if (driven) return driven;
    await requireParentAtRest(workspace, logId, run);
  }
}

export interface ContinueOptions {
  /** Fires when the client has disconnected; that ends a run whose payloads are not stored. */
  readonly gone: AbortSignal;
  /**
   * True: the same request came before. It may have been executed, although its client got no
   * answer.
   */
  readonly isRepeat: boolean;
}

/** A log to continue, and the request to continue it. */
interface Continue {
  readonly view: LogView;
  readonly run: RunRecord;
  readonly call: CheckedCall;
  readonly request: AgentContinueRequest;
  /** The fingerprint of the messages: equal for two equal continues. */
  readonly asked: string;
  readonly gone: AbortSignal;
}

interface CheckedCall {
  readonly version: FileVersion<'agent'>;
  readonly tools: OfferedTools;
  readonly providerApiKeys: ProviderApiKeys;
}

async function checkedCall(
  { parts }: KindRuntime,
  workspace: Workspace,
  view: LogView,
  request: AgentContinueRequest,
): Promise<CheckedCall> {
  const { version } = await versioned(workspace, view);
  assert(isOfKind(version, agentKind), `The log ${view.record.id} of an agent is of another file.`);
  const providerApiKeys = request.provider_api_keys ?? {};
  await chooseProvider({ parts, workspace, providerApiKeys }, version.spec);
  return { version, providerApiKeys, tools: await agentTools(workspace, version) };
}

async function continueWithAnswers(
  runtime: KindRuntime,
  workspace: Workspace,
  { view, run, call, request, asked, gone }: Continue,
): Promise<ReadableRun | undefined> {
  const logId = view.record.id;
  const turn = requireTurn(view);
  const continuation = checkedAnswers(turn, request.messages);
  const options = callOptions(request);
  const openedAt = timestamp(runtime.parts.clock.now());
  const claim = {
    holder: runtime.holder,
    turnNumber: turn.number,
    continuation,
    fingerprint: asked,
    options,
    save: view.record.save,
    event: { type: 'agent_turn_continue', at: openedAt },
  };
  const seen = { logId, token: run.lease_token };
  const answered = pendingCalls(turn).filter((pending) =>
    isAnsweredByChildRun(call.tools, pending),
  );
  const lease = await withinLimit(runtime, workspace, run, (workspace) =>
    answered.length === 0
      ? claimSuspendedRun(workspace, seen, claim)
      : inTransaction(workspace, async (workspace) => {
          // Lock this run's row before those of its child runs (R5): a child run that ends locks in
          // the same order, and the other order would deadlock.
          const lease = await claimSuspendedRun(workspace, seen, claim);
          const ids = answered.map(({ id }) => id);
          if (lease) await abandonChildren(workspace, logId, ids);
          return lease;
        }),
  );
  if (!lease) return undefined;
  return runtime.drive(
    {
      ...(await driveOptions(workspace, view, run, call, options)),
      turns: [...view.turns.slice(0, -1), { ...turn, continuation }],
      lease,
      origin: { type: 'continued', at: openedAt, gave: 'answers' },
    },
    { cancelOn: view.record.save ? undefined : gone },
  );
}

/** Whether a child run answers a call, unless the client does. */
function isAnsweredByChildRun({ byName }: OfferedTools, call: ToolCall): boolean {
  return byName.get(call.function.name)?.isRunBelow ?? false;
}

/** Continues a run that was interrupted because it lacks the keys of its call. */
async function continueWithKeys(
  runtime: KindRuntime,
  workspace: Workspace,
  { view, run, call, request, asked, gone }: Continue,
): Promise<ReadableRun | undefined> {
  if (request.messages.length > 0) {
    throw invalid(
      ['body', 'messages'],
      'This run waits for provider keys, not for messages. Send an empty list of messages.',
    );
  }
  const options = callOptions(request);
  await requireKeys(runtime.parts, workspace, run, {
    options,
    keys: request.provider_api_keys,
  });
  const seen = { logId: view.record.id, token: run.lease_token };
  const openedAt = timestamp(runtime.parts.clock.now());
  const lease = await withinLimit(runtime, workspace, run, (workspace) =>
    claimInterruptedRun(workspace, seen, {
      holder: runtime.holder,
      fingerprint: asked,
      options,
      event: { type: 'agent_turn_continue', at: openedAt },
    }),
  );
  if (!lease) return undefined;
  return runtime.drive(
    {
      ...(await driveOptions(workspace, view, run, call, options)),
      record: { ...view.record, error: null },
      turns: view.turns,
      lease,
      origin: { type: 'continued', at: openedAt, gave: 'keys' },
    },
    { cancelOn: view.record.save ? undefined : gone },
  );
}

/**
 * Claims a run if its organization may have one more in progress. A child run counts with its
 * parent.
 */
async function withinLimit(
  runtime: KindRuntime,
  workspace: Workspace,
  { parent_log_id: parentId }: RunRecord,
  claim: (workspace: Workspace) => Promise<Lease | undefined>,
): Promise<Lease | undefined> {
  return parentId === null ? withinRunLimit(runtime, workspace, claim) : claim(workspace);
}

async function driveOptions(
  workspace: Workspace,
  view: LogView,
  run: RunRecord,
  call: CheckedCall,
  options: StoredCallOptions,
) {
  return {
    workspace,
    runnable: runnableAgent,
    ...call,
    record: view.record,
    eventCount: run.event_count,
    keepOpen: run.keep_open,
    callOptions: options,
    parent: waitingParent(run),
    ancestors: await findAncestors(workspace, run.parent_log_id),
  };
}

/** @throws `parent_under_way` (conflict) when the parent run is running other tools. */
async function requireParentAtRest(
  workspace: Workspace,
  logId: string,
  { parent_log_id: parentId }: RunRecord,
): Promise<void> {
  if (parentId === null) return;
  if ((await readState(workspace, parentId)) === 'running') throw parentUnderWay(logId, parentId);
}

/** Why a log has no run to continue. */
function noRun({ record: { log_status: status } }: LogView): string {
  return status === 'complete' ? 'it is complete.' : 'it is not the log of a suspended call.';
}

function requireTurn({ record, turns }: LogView): TurnRecord {
  const turn = turns.at(-1);
  if (!turn) throw new Error(`Log ${record.id} is suspended before its first turn.`);
  return turn;
}
