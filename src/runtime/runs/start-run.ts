import type { CallRequest } from '../../contract/call.ts';
import { modelProviders } from '../../contract/providers.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import type { LastResolved } from '../../files/last-resolved.ts';
import { lastResolved, type VersionSelector, withVersion } from '../../files/resolve-version.ts';
import { fingerprint } from '../../kernel/fingerprint.ts';
import type { ForkedFrom } from '../../logs/forked-from.ts';
import { noClaim, type RunClaim } from '../../logs/log-evaluations.ts';
import type {
  LogRecord,
  ServerCallOptions,
  StoredCallOptions,
  TurnRecord,
} from '../../logs/log-record.ts';
import { newLogRecord } from '../../logs/new-log.ts';
import type { LoggedVersion } from '../../logs/record-log.ts';
import { findEarlierLog } from '../../logs/repeated-request.ts';
import { placeBelow } from '../../logs/trace.ts';
import type { ReadableRun } from '../events/readable-run.ts';
import type { Lease } from '../leases/lease.ts';
import type { EngineParts } from './engine-parts.ts';
import { type NewRun, openRun, openRunIfCurrent } from './open-run-queries.ts';
import type { OfferedTools, Runnable } from './run.ts';
import { withinRunLimit } from './run-limits.ts';
import type { Runtime } from './runtime.ts';
import { insertTurns } from './step-queries.ts';

/**
 * Starts a run. @returns as soon as the run is on disk.
 *
 * A request whose `log_id` was used by an equal request returns that request's run.
 *
 * @param gone fires when the client has disconnected; that ends a run whose payloads are not
 *   stored.
 * @throws what `withVersion` throws; `invalid` for a version that cannot be run; `log_id_taken`,
 *   `trace_complete` (conflict); `log_not_found` for an unknown parent; `too_many_runs` (too_many).
 */
export async function startRun<Parts extends EngineParts>(
  runtime: Runtime<Parts>,
  workspace: Workspace,
  {
    runnable,
    selector,
    inlineSpec,
    serverOptions = {},
    claim = noClaim,
    fork,
    begin = fork && openFork(fork),
  }: CalledVersion<Parts>,
  request: CallRequest,
  gone: AbortSignal,
): Promise<ReadableRun> {
  runtime.requireRunning();
  let opened: OpenedRun;
  try {
    const named = { locator: request, selector, inlineSpec };
    const call = { runnable, selector, request, serverOptions, claim, fork, begin };
    const last = lastResolved(workspace, runnable.kind, named);
    opened =
      (last && (await openAsBefore(runtime, workspace, call, last))) ??
      (await withVersion(workspace, runnable.kind, named, (workspace, version) =>
        open(runtime, workspace, { ...call, version }),
      ));
  } catch (error) {
    const repeated = {
      logId: request.log_id,
      fingerprint: requestFingerprint(selector, request, fork),
    };
    const { record } = await findEarlierLog(workspace, repeated, error);
    return runtime.find(workspace, record.id);
  }
  const { version, tools, record, lease } = opened;
  const notes = tools.notes.join('\n');
  return runtime.drive(
    {
      workspace,
      runnable,
      version,
      tools,
      record: { ...record, stdout: notes === '' ? null : notes },
      turns: fork?.turns ?? [],
      lease,
      eventCount: 0,
      keepOpen: keepsOpen(request),
      providerApiKeys: request.provider_api_keys ?? {},
      callOptions: { ...callOptions(request), ...serverOptions },
      origin: { type: 'called' },
      parent: null,
      ancestors: [],
    },
    { cancelOn: record.save ? undefined : gone },
  );
}

/** How a request names the version that it calls. */
interface CalledVersion<Parts extends EngineParts> extends LoggedVersion {
  readonly runnable: Runnable<Parts>;
  /** Options that no request can ask for. They are stored with the run. */
  readonly serverOptions?: ServerCallOptions;
  /** The Run of an Evaluation that the request names. */
  readonly claim?: RunClaim;
  /** What the run has from an earlier log. */
  readonly fork?: Fork | undefined;
  /** Writes the log and the run, in place of `openRun`; `claim` and parents are passed over then. */
  readonly begin?: BeginRun;
}

/** What a run has from an earlier log, whose conversation it goes on with. */
export interface Fork {
  readonly from: ForkedFrom;
  /** The turns before its first one. */
  readonly turns: readonly TurnRecord[];
  /** Equal for two requests with one `log_id` that ask for the same fork. */
  readonly fingerprint: string;
}

type BeginRun = (workspace: Workspace, run: NewRun) => Promise<Lease>;

interface OpenedRun {
  readonly version: FileVersion;
  readonly tools: OfferedTools;
  readonly record: LogRecord;
  readonly lease: Lease;
}

interface Call<Parts extends EngineParts> {
  readonly runnable: Runnable<Parts>;
  readonly version: FileVersion;
  readonly selector: VersionSelector;
  readonly request: CallRequest;
  readonly serverOptions: ServerCallOptions;
  readonly claim: RunClaim;
  readonly fork: Fork | undefined;
  readonly begin: BeginRun | undefined;
}

/** Opens the log and run of a call, if its version can be run as requested. */
async function open<Parts extends EngineParts>(
  runtime: Runtime<Parts>,
  workspace: Workspace,
  call: Call<Parts>,
): Promise<OpenedRun> {
  const { version, request, claim, begin = openRun } = call;
  const { record, tools } = await prepare(runtime, workspace, call);
  const opened = async (workspace: Workspace, record: LogRecord): Promise<OpenedRun> => {
    const lease = await withinRunLimit(runtime, workspace, (workspace) =>
      begin(workspace, newRun(runtime, call, record)),
    );
    return { version, tools, record, lease };
  };
  if (call.begin) return opened(workspace, record);
  const { evaluations } = runtime.parts;
  const parentId = request.trace_parent_id;
  const isConcerned = await evaluations.concerns(workspace, record, claim);
  if (!parentId && !isConcerned) return opened(workspace, record);
  return inTransaction(workspace, async (workspace) => {
    const place = parentId ? await placeBelow(workspace, parentId, record) : {};
    const run = await opened(workspace, { ...record, ...place });
    if (isConcerned) await evaluations.recorded(workspace, run.record, claim);
    return run;
  });
}

/**
 * Opens the log and run of a call with the version that an equal call used before, without looking
 * the version up first.
 *
 * @returns undefined when the selector resolves to another version now, and then nothing is
 *   written.
 */
async function openAsBefore<Parts extends EngineParts>(
  runtime: Runtime<Parts>,
  workspace: Workspace,
  call: Omit<Call<Parts>, 'version'>,
  last: LastResolved,
): Promise<OpenedRun | undefined> {
  const { request, claim } = call;
  // These need a transaction.
  if (request.trace_parent_id || request.source_datapoint_id || claim.runId) return undefined;
  if (call.begin) return undefined;
  // Swallowed on purpose: if the cached version is still the right one, the slow path runs the same
  // checks and throws.
  const prepared = await prepare(runtime, workspace, { ...call, version: last.version }).catch(
    () => undefined,
  );
  if (!prepared) return undefined;
  const opened = await withinRunLimit(runtime, workspace, (workspace) =>
    openRunIfCurrent(workspace, newRun(runtime, call, prepared.record), last),
  );
  return opened && { ...opened, ...prepared };
}

/** @throws what `check` of a {@link Runnable} throws. */
async function prepare<Parts extends EngineParts>(
  runtime: Runtime<Parts>,
  workspace: Workspace,
  call: Call<Parts>,
): Promise<Pick<OpenedRun, 'record' | 'tools'>> {
  const { runnable, version, request } = call;
  const record = callRecord(runtime, workspace, call);
  const tools = await runnable.tools(workspace, version);
  const providerApiKeys = request.provider_api_keys ?? {};
  await runnable.check(runtime.parts, { workspace, version, record, tools, providerApiKeys });
  return { record, tools };
}

function newRun(
  { holder }: Pick<Runtime, 'holder'>,
  {
    runnable,
    request,
    serverOptions,
  }: Pick<Call<EngineParts>, 'runnable' | 'request' | 'serverOptions'>,
  record: LogRecord,
): NewRun {
  return {
    record,
    holder,
    keepOpen: keepsOpen(request),
    options: { ...callOptions(request), ...serverOptions },
    parentLogId: null,
    eventCount: runnable.events.opening ? 1 : 0,
  };
}

/** The options of a call that are stored with its run. */
export function callOptions(
  request: Pick<
    CallRequest,
    'stream' | 'provider_api_keys' | 'num_samples' | 'logprobs' | 'suffix'
  >,
): StoredCallOptions {
  const { stream, num_samples: samples, logprobs, suffix, provider_api_keys: given } = request;
  const keys = modelProviders.filter(
    (name) => given?.[name] || (name === 'openai_azure' && given?.openai_azure_endpoint),
  );
  return {
    ...(stream ? { stream } : {}),
    ...(keys.length > 0 ? { own_keys: keys } : {}),
    ...(typeof samples === 'number' ? { samples } : {}),
    ...(typeof logprobs === 'number' ? { logprobs } : {}),
    ...(typeof suffix === 'string' ? { suffix } : {}),
  };
}

function keepsOpen(request: CallRequest): boolean {
  return request.log_status === 'incomplete';
}

/** Opens a run with its turns in one commit: without them it would begin anew after a crash. */
function openFork({ turns }: Fork): BeginRun {
  return (workspace, run) =>
    inTransaction(workspace, async (workspace) => {
      const lease = await openRun(workspace, run);
      await insertTurns(workspace, run.record, turns);
      return lease;
    });
}

function callRecord(
  { parts: { clock } }: Pick<Runtime, 'parts'>,
  { keyId }: Workspace,
  {
    version,
    selector,
    request,
    fork,
  }: Pick<Call<EngineParts>, 'version' | 'selector' | 'request' | 'fork'>,
): LogRecord {
  const record = newLogRecord(version, request, {
    clock,
    environment: selector.environment,
    requestFingerprint: request.log_id ? requestFingerprint(selector, request, fork) : null,
    keyId,
  });
  return {
    ...record,
    forked_from_id: fork?.from.log_id ?? null,
    forked_from_turn: fork?.from.turn ?? null,
    log_status: 'incomplete',
    start_time: record.start_time ?? record.created_at,
  };
}

/**
 * Equal for two calls with one `log_id` that ask for the same run. Options that change only the
 * form of the answer are left out.
 */
function requestFingerprint(
  selector: VersionSelector,
  request: CallRequest,
  fork: Fork | undefined,
): string {
  if (fork) return fork.fingerprint;
  const { stream, provider_api_keys, include_trace_children, return_inputs, ...rest } = request;
  return fingerprint({ call: rest, ...selector });
}
