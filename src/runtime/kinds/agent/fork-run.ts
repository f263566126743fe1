import type { CallRequest } from '../../../contract/call.ts';
import type { LogForkRequest } from '../../../contract/fork.ts';
import type { Workspace } from '../../../database/workspace.ts';
import { changedSpec } from '../../../files/changed-spec.ts';
import { agentKind } from '../../../files/kinds/agent.ts';
import { invalid } from '../../../kernel/errors.ts';
import { fingerprint } from '../../../kernel/fingerprint.ts';
import type { LogView } from '../../../logs/log-record.ts';
import { getLog } from '../../../logs/read-logs.ts';
import { findEarlierLog } from '../../../logs/repeated-request.ts';
import { versioned } from '../../../logs/versioned-log.ts';
import type { ReadableRun } from '../../events/readable-run.ts';
import { cannotFork } from '../../runs/errors.ts';
import { startRun } from '../../runs/start-run.ts';
import { runnableAgent } from '../agent.ts';
import type { KindRuntime } from '../runtime-parts.ts';
import { type ForkedHistory, forkedHistory } from './forked-history.ts';

/**
 * Runs an agent again from one of the turns of a log. What came before is taken from the log; the run
 * is one like any other, with a log of its own.
 *
 * A request whose `log_id` was used by an equal request returns that request's run, though the
 * earlier log has been deleted since.
 *
 * @throws `log_not_found` (not_found); `cannot_fork` (conflict); `invalid` for a turn, message or
 *   version that does not fit; what `startRun` throws.
 */
export async function forkRun(
  runtime: KindRuntime,
  workspace: Workspace,
  logId: string,
  { request, gone }: { readonly request: LogForkRequest; readonly gone: AbortSignal },
): Promise<ReadableRun> {
  const asked = forkFingerprint(logId, request);
  let plan: ForkPlan;
  try {
    plan = await planFork(runtime, workspace, logId, request);
  } catch (error) {
    const repeated = { logId: request.log_id, fingerprint: asked };
    const { record } = await findEarlierLog(workspace, repeated, error);
    return runtime.find(workspace, record.id);
  }
  const { view, history, selector, inlineSpec } = plan;
  const from = { log_id: logId, turn: request.turn };
  const fork = { from, turns: history.turns, fingerprint: asked };
  const called = { runnable: runnableAgent, selector, inlineSpec, fork };
  return startRun(runtime, workspace, called, callRequest(view, history, request), gone);
}

/** What to run, and after what. */
interface ForkPlan {
  readonly view: LogView;
  readonly history: ForkedHistory;
  readonly selector: { readonly versionId?: string };
  readonly inlineSpec: Readonly<Record<string, unknown>> | undefined;
}

async function planFork(
  runtime: KindRuntime,
  workspace: Workspace,
  logId: string,
  request: LogForkRequest,
): Promise<ForkPlan> {
  const { view, version } = await versioned(workspace, await getLog(workspace, logId));
  requireForkable(view);
  if (request.agent && request.version_id) {
    throw invalid(['body', 'version_id'], 'Give `agent` or `version_id`, not both.');
  }
  const history = forkedHistory(view, request);
  if (!request.agent) {
    const versionId = request.version_id ?? version.versionId;
    return { view, history, selector: { versionId }, inlineSpec: undefined };
  }
  const { secrets } = runtime.parts;
  const inlineSpec = await changedSpec(workspace, secrets, version, request.agent);
  return { view, history, selector: {}, inlineSpec };
}

/** @throws `cannot_fork` (conflict) for a log without the conversation of an agent. */
function requireForkable({ record }: LogView): void {
  if (record.type !== agentKind.type) {
    throw cannotFork(record.id, 'it is not the log of an agent.');
  }
  if (!record.save) throw cannotFork(record.id, 'its payloads are not stored (`save: false`).');
  if (record.messages_replaced) {
    throw cannotFork(record.id, 'its messages were replaced, so its turns do not belong to them.');
  }
}

/** The call of an agent that goes on as the log did. */
function callRequest(
  { record }: LogView,
  { messages }: ForkedHistory,
  request: LogForkRequest,
): CallRequest {
  const { agent, version_id, turn, edits, messages: added, ...own } = request;
  return {
    ...own,
    id: record.file_id,
    messages: [...messages],
    inputs: request.inputs ?? record.inputs,
    tool_choice: record.tool_choice,
    user: request.user ?? record.user,
    source: record.source,
    metadata: request.metadata ?? record.metadata,
    environment: request.environment ?? record.environment,
  };
}

/** Options that change only the form of the answer are left out. */
function forkFingerprint(logId: string, request: LogForkRequest): string {
  const { stream, provider_api_keys, include_trace_children, return_inputs, ...rest } = request;
  return fingerprint({ fork: { ...rest, of: logId } });
}
