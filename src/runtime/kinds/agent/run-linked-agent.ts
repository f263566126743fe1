import type { ToolCall } from '../../../contract/chat.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import { mapped } from '../../../kernel/each.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { findLog } from '../../../logs/log-queries.ts';
import type { LogRecord, LogView } from '../../../logs/log-record.ts';
import type { VersionedLog } from '../../../logs/versioned-log.ts';
import { restOfLog } from '../../events/followed-run.ts';
import type { Happening, Running } from '../../events/run-event.ts';
import { isLost } from '../../leases/lease.ts';
import { underLease } from '../../leases/lease-queries.ts';
import { seizeRun } from '../../leases/takeover-queries.ts';
import { answerIn, toolMessage } from '../../runs/call-answer.ts';
import { findChildLog } from '../../runs/child-run-queries.ts';
import { hasBegunElsewhere } from '../../runs/create-run.ts';
import { cancel } from '../../runs/end-run.ts';
import { openRun } from '../../runs/open-run-queries.ts';
import type { OfferedTools, ToolOutcome } from '../../runs/run.ts';
import { driveBelow } from '../../runs/run-below.ts';
import { unsealed } from '../../runs/sealed-conversation.ts';
import type { KindRun } from '../runtime-parts.ts';
import { argumentsOf, badArguments } from './call-arguments.ts';
import { answerWith, childRecord, requestFromCall } from './linked-call.ts';

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
  run: KindRun<'agent'>,
  call: ToolCall,
  file: FileVersion<'agent'>,
): Running<ToolOutcome> {
  const begun = hasBegunElsewhere(run) ? await findBegun(run, call, file) : undefined;
  if (begun) return yield* goOnWith(run, call, file, begun);

  const given = argumentsOf(call);
  const record = childRecord(run, call, file, requestFromCall(file, given ?? {}));
  yield { type: 'tool_start', child: { id: record.id, version: file }, call };
  const { workspace, keeper, runnable } = run;
  const tools = await runnable.tools(workspace, file);
  const obstacle = given ? await obstacleTo(run, file, tools, record) : badArguments;
  if (obstacle !== undefined) {
    const failed: LogRecord = { ...record, log_status: 'complete', error: obstacle };
    return yield* answerWithLog(run, call, {
      log: { view: { record: failed, turns: [], run: null }, version: file },
      isNew: true,
    });
  }
  const lease = await underLease(workspace, run.lease, (workspace) =>
    openRun(workspace, {
      record,
      holder: keeper.leases,
      keepOpen: false,
      options: run.callOptions,
      parentLogId: run.record.id,
      eventCount: runnable.events.opening ? 1 : 0,
    }),
  );
  return yield* answerFromBelow(run, call, {
    version: file,
    record,
    tools,
    lease,
    turns: [],
    eventCount: 0,
    origin: { type: 'called' },
  });
}

/** The log of a call that was begun before this process drove the run. */
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

/** Answers a call whose agent has run, or goes on with its run where it is. */
async function* goOnWith(
  run: KindRun<'agent'>,
  call: ToolCall,
  file: FileVersion<'agent'>,
  begun: LogView,
): Running<ToolOutcome> {
  if (begun.run?.state === 'suspended') return { type: 'suspended' };
  // Whether the start was told before is not known, so it is told again, as with other tools.
  yield { type: 'tool_start', child: { id: begun.record.id, version: file }, call };
  if (!begun.run) {
    const log = { view: begun, version: file };
    return yield* answerWithLog(run, call, { log, isNew: false });
  }
  const { workspace, keeper, record, runnable } = run;
  const seen = { logId: begun.record.id, token: begun.run.lease_token };
  const lease = await underLease(workspace, run.lease, (workspace) =>
    seizeRun(workspace, seen, keeper.leases, { cancels: false }),
  );
  const view = await findLog(workspace, begun.record.id);
  // Another process took the run, or closed its log, in the meantime: look again.
  if (!lease || !view?.run) {
    const now = await findBegun(run, call, file);
    if (now) return yield* goOnWith(run, call, file, now);
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
}

/** The run of a linked agent, without what it has from the run that calls it. */
type Below = Omit<Parameters<typeof driveBelow>[1], 'runnable'>;

/** Drives the run of a linked agent, and answers the call with what comes of it. */
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
    // The inner run may have been taken with the outer one: then there is nobody to answer.
    signal.throwIfAborted();
    // It was taken by itself. What came of it elsewhere is the answer.
    const view = await restOfLog(workspace, id, signal);
    return yield* answerWithLog(run, call, {
      log: { view, version: below.version },
      isNew: false,
    });
  }
}

/** Tells the model what the log of a call says. @param isNew true: the log is not on disk yet. */
async function* answerWithLog(
  run: KindRun<'agent'>,
  call: ToolCall,
  { log, isNew }: { readonly log: VersionedLog; readonly isNew: boolean },
): Running<ToolOutcome> {
  const { record } = log.view;
  const output = answerIn(record);
  yield* answerWith(run, toolMessage(call, output), {
    child: { log: isNew ? record : null, turn: null },
    happenings: [{ type: 'tool_end', call, log }],
  });
  return { type: 'answered', output };
}

/** Why a linked agent cannot be run, in words for the model. */
async function obstacleTo(
  run: KindRun<'agent'>,
  version: FileVersion<'agent'>,
  tools: OfferedTools,
  record: LogRecord,
): Promise<string | undefined> {
  const above = [...run.ancestors, run.version.id];
  if (above.includes(version.id)) {
    return `the agent ${version.name} is already running above this call.`;
  }
  if (above.length >= deepestNesting)
    return `agents can be nested at most ${deepestNesting} levels deep.`;
  try {
    const { parts, workspace, providerApiKeys } = run;
    await run.runnable.check(parts, { workspace, version, record, tools, providerApiKeys });
    return undefined;
  } catch (error) {
    // Any other error is the server's, and no answer of the tool: whoever takes the run over makes
    // the call again.
    if (error instanceof PlatformError && error.category === 'invalid') return error.message;
    throw error;
  }
}
