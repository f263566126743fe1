import type { ToolCall } from '../../../contract/chat.ts';
import type { AgentSpec } from '../../../contract/kinds/agent.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { findLog } from '../../../logs/log-queries.ts';
import type { LogRecord, LogView } from '../../../logs/log-record.ts';
import type { VersionedLog } from '../../../logs/versioned-log.ts';
import { restOfLog } from '../../events/followed-run.ts';
import type { Running, RunOutcome } from '../../events/run-event.ts';
import { underLease } from '../../leases/lease-queries.ts';
import { seizeRun } from '../../leases/takeover-queries.ts';
import { callableEndpoints, chooseProvider, requireCallable } from '../../models/model-request.ts';
import { keysOf } from '../../models/provider-keys.ts';
import { findChildLog } from '../../runs/child-run-queries.ts';
import { driveRun } from '../../runs/drive-run.ts';
import { cancel } from '../../runs/end-run.ts';
import { isLeaseLost } from '../../runs/errors.ts';
import { openRun } from '../../runs/open-run-queries.ts';
import { Run } from '../../runs/run.ts';
import { unsealed } from '../../runs/sealed-conversation.ts';
import { type AgentTools, offeredTools } from './agent-tools.ts';
import { answerWith, childRecord, requestOfCall, resultOf } from './linked-call.ts';
import { argumentsOf, badArguments, type ToolOutcome, toolMessage } from './tool-message.ts';

/** Runs an agent; what `agentTurn` is. Handed in, since a run of an agent runs tools itself. */
export type DriveAgent = (run: Run) => Running<RunOutcome>;

/** How deep agents may call agents. */
const deepestNesting = 5;

/**
 * Answers a tool call by running another agent, as a run of its own below this one. Of what happens
 * in it, this run's stream carries the text alone.
 *
 * When the inner agent waits for the client, so does the call. An inner run that was begun before
 * the outer one was taken over goes on from where it is.
 */
export async function* runLinkedAgent(
  run: Run,
  call: ToolCall,
  file: FileVersion,
  driveAgent: DriveAgent,
): Running<ToolOutcome> {
  const begun = run.isResumed ? await findBegun(run, call) : undefined;
  if (begun) return yield* goOnWith(run, call, file, begun, driveAgent);

  const given = argumentsOf(call);
  const record = childRecord(run, call, file, requestOfCall(file, given ?? {}));
  yield { type: 'tool_start', child: { id: record.id, version: file }, call };
  const tools = await offeredTools(run.workspace, file);
  const obstacle = given ? await obstacleTo(run, file, tools, record) : badArguments;
  if (obstacle !== undefined) {
    const failed: LogRecord = { ...record, log_status: 'complete', error: obstacle };
    return yield* answerWithLog(run, call, {
      log: { view: { record: failed, turns: [], run: null }, version: file },
      isNew: true,
    });
  }
  const { workspace, leases } = run;
  const lease = await underLease(workspace, run.lease, (workspace) =>
    openRun(workspace, {
      record,
      holder: leases,
      keepOpen: false,
      options: run.callOptions,
      parentLogId: run.record.id,
    }),
  );
  run.parts.usage.add(workspace.organizationId, file, record.created_at);
  const inner = innerRun(run, file, { record, tools, lease, turns: [], eventCount: 0 });
  return yield* driveInner(run, call, inner, driveAgent);
}

/** The log of a call that was begun before this process drove the run. */
async function findBegun(run: Run, call: ToolCall): Promise<LogView | undefined> {
  const id = await findChildLog(run.workspace, run.record.id, call.id, run.lastTurn);
  const view = id === undefined ? undefined : await findLog(run.workspace, id);
  return view && unsealed(run.parts.secrets, run.workspace, view);
}

/** Answers a call whose agent has run, or goes on with its run where it is. */
async function* goOnWith(
  run: Run,
  call: ToolCall,
  file: FileVersion,
  begun: LogView,
  driveAgent: DriveAgent,
): Running<ToolOutcome> {
  if (begun.run?.state === 'suspended') return { type: 'suspended' };
  // Nobody knows whether it was told before; as with other tools, it is when the call is taken up.
  yield { type: 'tool_start', child: { id: begun.record.id, version: file }, call };
  if (!begun.run) {
    const log = { view: begun, version: file };
    return yield* answerWithLog(run, call, { log, isNew: false });
  }
  const { workspace, leases, record } = run;
  const { run: innerState } = begun;
  const seen = { logId: begun.record.id, token: innerState.lease_token };
  const lease = await underLease(workspace, run.lease, (workspace) =>
    seizeRun(workspace, seen, leases, { cancels: false }),
  );
  const view = await findLog(workspace, begun.record.id);
  // Somebody else took it, or closed its log, in the meantime: look again.
  if (!lease || !view?.run) {
    const now = await findBegun(run, call);
    if (now) return yield* goOnWith(run, call, file, now, driveAgent);
    throw new Error(`The log of call ${call.id} below ${record.id} is gone.`);
  }
  const inner = innerRun(run, file, {
    record: view.record,
    tools: await offeredTools(workspace, file),
    lease,
    turns: view.turns,
    eventCount: view.run.event_count,
  });
  return yield* driveInner(run, call, inner, view.run.is_cancelled ? cancel : driveAgent);
}

function innerRun(
  run: Run,
  version: FileVersion,
  own: Pick<Run, 'record' | 'tools' | 'lease' | 'turns' | 'eventCount'>,
): Inner {
  const control = new AbortController();
  const inner = new Run({
    ...own,
    version,
    parts: run.parts,
    workspace: run.workspace,
    leases: run.leases,
    keepOpen: false,
    providerApiKeys: run.providerApiKeys,
    callOptions: run.callOptions,
    signal: AbortSignal.any([run.signal, control.signal]),
    parentLogId: run.record.id,
    isDetached: false,
    isResumed: run.isResumed,
    ancestors: [...run.ancestors, run.version.id],
  });
  return { run: inner, lost: (error) => control.abort(error) };
}

interface Inner {
  readonly run: Run;
  /** Ends what the run does, when somebody else has its lease. */
  readonly lost: (error: Error) => void;
}

async function* driveInner(
  run: Run,
  call: ToolCall,
  { run: inner, lost }: Inner,
  driveAgent: DriveAgent,
): Running<ToolOutcome> {
  const child = { id: inner.record.id, version: inner.version };
  const letGo = inner.leases.hold(inner, lost);
  try {
    const running = driveRun(inner, driveAgent(inner));
    let step = await running.next();
    for (; !step.done; step = await running.next()) {
      if (step.value.type === 'agent_update') {
        yield { type: 'tool_update', child, delta: step.value.delta };
      }
    }
    const { log, type } = step.value;
    if (type === 'suspended') return { type: 'suspended' };
    return yield* answerWithLog(run, call, { log, isNew: false });
  } catch (error) {
    if (!isLeaseLost(error, inner.record.id)) throw error;
    // With the run above it, or by itself.
    run.signal.throwIfAborted();
    // Whatever came of it elsewhere is the answer.
    const view = await restOfLog(run.workspace, inner.record.id, run.signal);
    return yield* answerWithLog(run, call, { log: { view, version: inner.version }, isNew: false });
  } finally {
    letGo();
  }
}

/** Tells the model what the log of a call says. @param isNew true: the log is not on disk yet. */
async function* answerWithLog(
  run: Run,
  call: ToolCall,
  { log, isNew }: { readonly log: VersionedLog; readonly isNew: boolean },
): Running<ToolOutcome> {
  const { record } = log.view;
  const output = resultOf(record);
  yield* answerWith(run, toolMessage(call, output), {
    child: { log: isNew ? record : null, turn: null },
    happenings: [{ type: 'tool_end', call, log }],
  });
  return { type: 'answered', output };
}

async function obstacleTo(
  run: Run,
  file: FileVersion,
  tools: AgentTools,
  record: Parameters<typeof requireCallable>[1],
): Promise<string | undefined> {
  const above = [...run.ancestors, run.version.id];
  if (above.includes(file.id)) return `the agent ${file.name} is already running above this call.`;
  if (above.length >= deepestNesting) return `agents are nested ${deepestNesting} deep at most.`;
  try {
    const spec = file.spec as AgentSpec;
    requireCallable(spec, record, callableEndpoints.agent, tools.snippets);
    chooseProvider(run.parts, spec, await keysOf(run));
    return undefined;
  } catch (error) {
    // What fails the server is no answer of the tool: who takes the run over makes the call again.
    if (error instanceof PlatformError && error.category === 'invalid') return error.message;
    throw error;
  }
}
