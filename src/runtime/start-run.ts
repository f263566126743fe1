import type { AgentCallRequest } from '../contract/call.ts';
import type { AgentSpec } from '../contract/kinds/agent.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import type { FileVersion } from '../files/file-queries.ts';
import { agentKind } from '../files/kinds/agent.ts';
import { type VersionSelector, withVersion } from '../files/resolve-version.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import type { LogRecord } from '../logs/log-record.ts';
import { placeBelow } from '../logs/trace.ts';
import type { AgentRuntime } from './agent-runtime.ts';
import { type AgentTools, offeredTools } from './agent-tools.ts';
import type { Lease } from './lease-queries.ts';
import type { ReadableRun } from './live-run.ts';
import { chooseProvider, requireCallable } from './model-request.ts';
import { newLogRecord } from './new-log.ts';
import type { LoggedVersion } from './record-log.ts';
import { madeBefore } from './repeated-request.ts';
import { openRun } from './run-queries.ts';

/**
 * Starts a run of an agent, and returns as soon as it is on disk.
 *
 * A request whose `log_id` is taken by an equal request joins that one's run, or its outcome.
 *
 * @param gone fires when the client has gone; it ends a run whose payloads are not stored.
 * @throws what `withVersion` throws; `invalid` for what cannot be run; `log_id_taken`,
 *   `trace_complete` (conflict); `log_not_found` for an unknown parent.
 */
export async function startRun(
  runtime: AgentRuntime,
  workspace: Workspace,
  called: LoggedVersion,
  request: AgentCallRequest,
  gone: AbortSignal,
): Promise<ReadableRun> {
  runtime.requireRunning();
  const { selector, inlineSpec } = called;
  let opened: OpenedRun;
  try {
    opened = await withVersion(
      workspace,
      agentKind,
      { locator: request, selector, inlineSpec },
      (workspace, version) => open(runtime, workspace, version, selector, request),
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
    'agent_turn_start',
    record.save ? undefined : gone,
  );
}

interface OpenedRun {
  readonly version: FileVersion;
  readonly tools: AgentTools;
  readonly record: LogRecord;
  readonly lease: Lease;
}

/** Checks that the version can be run as the request wants it, and opens its log and run. */
async function open(
  runtime: AgentRuntime,
  workspace: Workspace,
  version: FileVersion,
  selector: VersionSelector,
  request: AgentCallRequest,
): Promise<OpenedRun> {
  const spec = version.spec as AgentSpec;
  const record = callRecord(runtime, version, selector, request);
  requireCallable(spec, record);
  chooseProvider(runtime.parts, spec, request.provider_api_keys ?? {});
  const tools = await offeredTools(workspace, version);
  const options = { owner: runtime.owner, keepOpen: keepsOpen(request) };
  const parentId = request.trace_parent_id;
  if (!parentId) {
    return { version, tools, record, lease: await openRun(workspace, { record, ...options }) };
  }
  return inTransaction(workspace, async (workspace) => {
    const placed = { ...record, ...(await placeBelow(workspace, parentId)) };
    return {
      version,
      tools,
      record: placed,
      lease: await openRun(workspace, { record: placed, ...options }),
    };
  });
}

function keepsOpen(request: AgentCallRequest): boolean {
  return request.log_status === 'incomplete';
}

function callRecord(
  runtime: AgentRuntime,
  version: FileVersion,
  selector: VersionSelector,
  request: AgentCallRequest,
): LogRecord {
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
function requestFingerprint(selector: VersionSelector, request: AgentCallRequest): string {
  const { stream, provider_api_keys, include_trace_children, return_inputs, ...rest } = request;
  return fingerprint({ call: rest, ...selector });
}
