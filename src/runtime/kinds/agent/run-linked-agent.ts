import type { ToolCall } from '../../../contract/chat.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import { mapped } from '../../../kernel/each.ts';
import { isRefusal } from '../../../kernel/errors.ts';
import { findLog } from '../../../logs/log-queries.ts';
import type { LogRecord, LogView } from '../../../logs/log-record.ts';
import type { VersionedLog } from '../../../logs/versioned-log.ts';
import { awaitRest } from '../../events/followed-run.ts';
import type { Happening, Running } from '../../events/run-event.ts';
import { isLost } from '../../leases/lease.ts';
import { underLease } from '../../leases/lease-queries.ts';
import { seizeRun } from '../../leases/takeover-queries.ts';
import { resultForModel, toolMessage } from '../../runs/call-answer.ts';
import { findChildLog } from '../../runs/child-run-queries.ts';
import { hasBegunElsewhere } from '../../runs/create-run.ts';
import { cancel } from '../../runs/end-run.ts';
import { openRun } from '../../runs/open-run-queries.ts';
import type { OfferedTools, ToolOutcome } from '../../runs/run.ts';
import { driveBelow, optionsBelow } from '../../runs/run-below.ts';
import { placeBelow } from '../../runs/run-limits.ts';
import { unsealed } from '../../runs/sealed-conversation.ts';
import type { KindRun } from '../runtime-parts.ts';
import { argumentsOf, badArguments } from './call-arguments.ts';
import { answerWith, childRecord, requestFromCall } from './linked-call.ts';

/** The most levels of agents that call agents. */
const deepestNesting = 5;

/**
 * Answers a tool call by running another agent, as a child run. Of the child's events, the parent's
 * stream carries only the text.
 *
 * When the child waits for the client, so does the call. When another process began the child run,
 * this process continues it from where it is.
 */
export async function* runLinkedAgent(
  run: KindRun<'agent'>,
  call: ToolCall,
  file: FileVersion<'agent'>,
): Running<ToolOutcome> {
  const begun = hasBegunElsewhere(run) ? await findBegun(run, call, file) : undefined;
  if (begun) return yield* answerFromBegun(run, call, file, begun);

  const given = argumentsOf(call);
  const record = childRecord(run, call, file, requestFromCall(file, given ?? {}));
  yield { type: 'tool_start', child: { id: record.id, version: file }, call };
  const { workspace, keeper, runnable } = run;
  const tools = await runnable.tools(workspace, file);
  const place = given ? await placeFor(run, file, tools, record) : badArguments;
  if (typeof place === 'string') {
    const failed: LogRecord = { ...record, log_status: 'complete', error: place };
    return yield* answerWithLog(run, call, {
      log: { view: { record: failed, turns: [], run: null }, version: file },
      isNew: true,
    });
  }
  let leave: (() => void) | undefined;
  try {
    leave = await run.below.enter(depthBelow(run), run.signal);
    const lease = await underLease(workspace, run.lease, (workspace) =>
      openRun(workspace, {
        record,
        holder: keeper.leases,
        keepOpen: false,
        options: optionsBelow(run.callOptions),
        parentLogId: run.record.id,
        eventCount: runnable.events.opening ? 1 : 0,
      }),
    );
    // From here on the run counts as one that this process holds.
    place();
    return yield* answerFromBelow(run, call, {
      version: file,
      record,
      tools,
      lease,
      turns: [],
      eventCount: 0,
      origin: { type: 'called' },
    });
  } finally {
    place();
    leave?.();
  }
}

/** How deep a run below this one is. */
function depthBelow({ ancestors }: KindRun): number {
  return ancestors.length + 1;
}

/** The child log of a call that another process began. */
async function findBegun(
  run: KindRun<'agent'>,
  call: ToolCall,
  { type }: FileVersion,
): Promise<LogView | undefined> {
  const { workspace, record, transcript } = run;
  const turn = transcript.lastTurn;
  const id = await findChildLog(workspace, { parentId: record.id, callId: call.id, type, turn });
  const view = id === undefined ? undefined : await findLog(workspace, id);
  return view && unsealed(run.parts.secrets, workspace, view);
}

/** Answers a call whose child run another process began: with its result, or by driving it on. */
async function* answerFromBegun(
  run: KindRun<'agent'>,
  call: ToolCall,
  file: FileVersion<'agent'>,
  begun: LogView,
): Running<ToolOutcome> {
  if (begun.run?.state === 'suspended') return { type: 'suspended' };
  // Emit the start again, as for other tools: the event may not have been emitted before.
  yield { type: 'tool_start', child: { id: begun.record.id, version: file }, call };
  if (!begun.run) {
    const log = { view: begun, version: file };
    return yield* answerWithLog(run, call, { log, isNew: false });
  }
  const { workspace, keeper, record, runnable, signal } = run;
  const leave = await run.below.enter(depthBelow(run), signal);
  try {
    const seen = { logId: begun.record.id, token: begun.run.lease_token };
    const lease = await underLease(workspace, run.lease, (workspace) =>
      seizeRun(workspace, seen, keeper.leases, { cancels: false }),
    );
    const view = await findLog(workspace, begun.record.id);
    // Look again when another process took the child run, or closed its log, after it was read.
    if (!lease || !view?.run) {
      const now = await findBegun(run, call, file);
      if (now) return yield* answerFromBegun(run, call, file, now);
      throw new Error(`The log of call ${call.id} below ${record.id} is gone.`);
    }
    const below: Below = {
      version: file,
      record: view.record,
      tools: await runnable.tools(workspace, file),
      lease,
      turns: view.turns,
      eventCount: view.run.event_count,
      origin: { type: 'taken_over' },
    };
    return yield* answerFromBelow(run, call, below, view.run.is_cancelled ? cancel : undefined);
  } finally {
    leave();
  }
}

/** The options of a child run that it does not share with its parent. */
type Below = Omit<Parameters<typeof driveBelow>[1], 'runnable'>;

/** Drives a child run, and answers the call with its outcome. */
async function* answerFromBelow(
  run: KindRun<'agent'>,
  call: ToolCall,
  below: Below,
  begin?: typeof cancel,
): Running<ToolOutcome> {
  const { runnable, signal, workspace } = run;
  const { id } = below.record;
  const child = { id, version: below.version };
  try {
    const { log, endedAs } = yield* mapped(
      driveBelow(run, { ...below, runnable }, begin),
      (event): Happening | undefined =>
        event.type === 'agent_update'
          ? { type: 'tool_update', child, delta: event.delta }
          : undefined,
    );
    if (endedAs === null) return { type: 'suspended' };
    return yield* answerWithLog(run, call, { log, isNew: false });
  } catch (error) {
    if (!isLost(error, id)) throw error;
    // Throw if another process took the parent run as well: this process must not answer the call
    // then.
    signal.throwIfAborted();
    // Only the child run was taken. Wait for its outcome in the other process.
    const view = await awaitRest(workspace, id, signal);
    return yield* answerWithLog(run, call, {
      log: { view, version: below.version },
      isNew: false,
    });
  }
}

/**
 * Answers a call with the output or error of its log. @param isNew true: the log is not on disk
 * yet.
 */
async function* answerWithLog(
  run: KindRun<'agent'>,
  call: ToolCall,
  { log, isNew }: { readonly log: VersionedLog; readonly isNew: boolean },
): Running<ToolOutcome> {
  const { record } = log.view;
  const output = resultForModel(record);
  yield* answerWith(run, toolMessage(call, output), {
    child: { log: isNew ? record : null, turn: null },
    happenings: [{ type: 'tool_end', call, log }],
  });
  return { type: 'answered', output };
}

/**
 * Takes a place for a linked agent among the runs of its organization.
 *
 * @returns a function that gives the place back, or why the agent cannot be run, as text for the
 *   model.
 */
async function placeFor(
  run: KindRun<'agent'>,
  version: FileVersion<'agent'>,
  tools: OfferedTools,
  record: LogRecord,
): Promise<string | (() => void)> {
  const above = [...run.ancestors, run.version.id];
  if (above.includes(version.id)) {
    return `the agent ${version.name} is already running above this call.`;
  }
  if (above.length >= deepestNesting)
    return `agents can be nested at most ${deepestNesting} levels deep.`;
  try {
    const { parts, workspace, providerApiKeys } = run;
    await run.runnable.check(parts, { workspace, version, record, tools, providerApiKeys });
    return (
      (await run.below.add()) ??
      placeBelow(parts.runLimits, run.keeper.underWay, workspace.organizationId)
    );
  } catch (error) {
    // Throw any other error: it is the server's, and no result of the tool. A process that takes
    // the run over repeats the call.
    if (isRefusal(error)) return error.message;
    throw error;
  }
}
