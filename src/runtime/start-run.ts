import type { CallRequest } from '../contract/call.ts';
import type { ProviderApiKeys } from '../contract/providers.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import type { FileVersion } from '../files/file-queries.ts';
import type { FileKind } from '../files/kind.ts';
import { type VersionSelector, withVersion } from '../files/resolve-version.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import type { LogRecord } from '../logs/log-record.ts';
import { placeBelow } from '../logs/trace.ts';
import type { AgentTools } from './agent-tools.ts';
import type { Lease } from './lease-queries.ts';
import type { ReadableRun } from './live-run.ts';
import { newLogRecord } from './new-log.ts';
import type { LoggedVersion } from './record-log.ts';
import { madeBefore } from './repeated-request.ts';
import type { Run } from './run.ts';
import type { Happening, RunOutcome } from './run-event.ts';
import { openRun } from './run-queries.ts';
import type { Runtime } from './runtime.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** How the versions of a kind are run. */
export interface Runnable {
  readonly kind: FileKind;
  /** @throws `invalid` for a version that cannot be run as the request wants it. */
  readonly check: (parts: RuntimeParts, call: UncheckedCall) => void;
  /** What a version offers its model to call. */
  readonly tools: (workspace: Workspace, version: FileVersion) => Promise<AgentTools>;
  /** The steps of a run, from its first on. */
  readonly begin: (run: Run, request: CallRequest) => AsyncGenerator<Happening, RunOutcome>;
}

/** A call whose version has been found. */
export interface UncheckedCall {
  readonly version: FileVersion;
  readonly record: LogRecord;
  readonly tools: AgentTools;
  readonly providerApiKeys: ProviderApiKeys;
}

/**
 * Starts a run, and returns as soon as it is on disk.
 *
 * A request whose `log_id` is taken by an equal request joins that one's run, or its outcome.
 *
 * @param gone fires when the client has gone; it ends a run whose payloads are not stored.
 * @throws what `withVersion` throws; `invalid` for what cannot be run; `log_id_taken`,
 *   `trace_complete` (conflict); `log_not_found` for an unknown parent.
 */
export async function startRun(
  runtime: Runtime,
  workspace: Workspace,
  runnable: Runnable,
  { selector, inlineSpec }: LoggedVersion,
  request: CallRequest,
  gone: AbortSignal,
): Promise<ReadableRun> {
  runtime.requireRunning();
  let opened: OpenedRun;
  try {
    opened = await withVersion(
      workspace,
      runnable.kind,
      { locator: request, selector, inlineSpec },
      (workspace, version) => open(runtime, workspace, { runnable, version, selector, request }),
    );
  } catch (error) {
    const repeated = {
      logId: request.log_id,
      fingerprint: requestFingerprint(selector, request),
    };
    const { record } = await madeBefore(workspace, repeated, error);
    return runtime.find(workspace, record.id);
  }
  const { version, tools, record, lease } = opened;
  runtime.parts.usage.add(workspace.organizationId, version, record.created_at);
  const notes = tools.notes.join('\n');
  return runtime.drive(
    {
      workspace,
      version,
      tools,
      record: { ...record, stdout: notes === '' ? null : notes },
      turns: [],
      lease,
      eventCount: 0,
      keepOpen: keepsOpen(request),
      providerApiKeys: request.provider_api_keys ?? {},
      stream: request.stream ?? false,
    },
    (run) => runnable.begin(run, request),
    record.save ? undefined : gone,
  );
}

interface OpenedRun {
  readonly version: FileVersion;
  readonly tools: AgentTools;
  readonly record: LogRecord;
  readonly lease: Lease;
}

interface Call {
  readonly runnable: Runnable;
  readonly version: FileVersion;
  readonly selector: VersionSelector;
  readonly request: CallRequest;
}

/** Checks that the version can be run as the request wants it, and opens its log and run. */
async function open(runtime: Runtime, workspace: Workspace, call: Call): Promise<OpenedRun> {
  const { runnable, version, request } = call;
  const record = callRecord(runtime, call);
  const tools = await runnable.tools(workspace, version);
  const providerApiKeys = request.provider_api_keys ?? {};
  runnable.check(runtime.parts, { version, record, tools, providerApiKeys });
  const options = { owner: runtime.owner, keepOpen: keepsOpen(request) };
  const parentId = request.trace_parent_id;
  if (!parentId) {
    return { version, tools, record, lease: await openRun(workspace, { record, ...options }) };
  }
  return inTransaction(workspace, async (workspace) => {
    const placed = { ...record, ...(await placeBelow(workspace, parentId, record)) };
    return {
      version,
      tools,
      record: placed,
      lease: await openRun(workspace, { record: placed, ...options }),
    };
  });
}

function keepsOpen(request: CallRequest): boolean {
  return request.log_status === 'incomplete';
}

function callRecord(runtime: Runtime, { version, selector, request }: Call): LogRecord {
  const { clock } = runtime.parts;
  const record = newLogRecord(version, request, {
    clock,
    environment: selector.environment,
    requestFingerprint: request.log_id ? requestFingerprint(selector, request) : null,
  });
  return {
    ...record,
    log_status: 'incomplete',
    start_time: record.start_time ?? record.created_at,
  };
}

/** What makes two calls with one `log_id` the same; how they are answered does not count. */
function requestFingerprint(selector: VersionSelector, request: CallRequest): string {
  const { stream, provider_api_keys, include_trace_children, return_inputs, ...rest } = request;
  return fingerprint({ call: rest, ...selector });
}
