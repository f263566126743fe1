import type { AgentCallRequest } from '../contract/call.ts';
import type { AgentSpec } from '../contract/kinds/agent.ts';
import { isDuplicate } from '../database/violations.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import { agentKind } from '../files/kinds/agent.ts';
import { resolveVersion, type VersionSelector } from '../files/resolve-version.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { logIdTaken } from '../logs/errors.ts';
import { findLog } from '../logs/log-queries.ts';
import type { LogRecord } from '../logs/log-record.ts';
import { placeBelow } from '../logs/trace.ts';
import type { AgentRuntime } from './agent-runtime.ts';
import { offeredTools } from './agent-tools.ts';
import type { ReadableRun } from './live-run.ts';
import { chooseProvider, requireCallable } from './model-request.ts';
import { newLogRecord } from './new-log.ts';
import { type Lease, openRun } from './run-queries.ts';

/**
 * Starts a run of an agent, and returns as soon as it is on disk.
 *
 * A request whose `log_id` is taken by an equal request joins that one's run, or its outcome.
 *
 * @param gone fires when the client has gone; it ends a run whose payloads are not stored.
 * @throws what `resolveVersion` throws; `invalid` for what cannot be run; `log_id_taken`,
 *   `trace_complete` (conflict); `log_not_found` for an unknown parent.
 */
export async function startRun(
  runtime: AgentRuntime,
  workspace: Workspace,
  selector: VersionSelector,
  request: AgentCallRequest,
  gone: AbortSignal,
): Promise<ReadableRun> {
  runtime.requireRunning();
  const version = await resolveVersion(workspace, agentKind, request, selector, request.agent);
  const spec = version.spec as AgentSpec;
  const providerApiKeys = request.provider_api_keys ?? {};
  const record = callRecord(runtime, version, selector, request);
  requireCallable(spec, record);
  chooseProvider(runtime.parts, spec, providerApiKeys);
  const tools = await offeredTools(workspace, spec);

  const keepOpen = request.log_status === 'incomplete';
  const opened = await open(runtime, workspace, record, request, keepOpen);
  if (opened === 'joined') return runtime.find(workspace, record.id);
  runtime.parts.usage.add(workspace.organizationId, version, record.created_at);
  const notes = tools.notes.join('\n');
  return runtime.drive(
    {
      workspace,
      version,
      tools,
      record: { ...opened.record, stdout: notes === '' ? null : notes },
      turns: [],
      lease: opened.lease,
      eventCount: 0,
      keepOpen,
      providerApiKeys,
      stream: request.stream ?? false,
    },
    'agent_turn_start',
    record.save ? undefined : gone,
  );
}

function callRecord(
  runtime: AgentRuntime,
  version: Parameters<typeof newLogRecord>[0],
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

async function open(
  runtime: AgentRuntime,
  workspace: Workspace,
  record: LogRecord,
  request: AgentCallRequest,
  keepOpen: boolean,
): Promise<{ readonly record: LogRecord; readonly lease: Lease } | 'joined'> {
  const options = { owner: runtime.owner, keepOpen };
  const parentId = request.trace_parent_id;
  try {
    if (!parentId) return { record, lease: await openRun(workspace, record, options) };
    return await inTransaction(workspace, async (workspace) => {
      const placed = { ...record, ...(await placeBelow(workspace, parentId)) };
      return { record: placed, lease: await openRun(workspace, placed, options) };
    });
  } catch (error) {
    if (!isDuplicate(error, 'log_pkey')) throw error;
    const taken = await findLog(workspace, record.id);
    if (taken && taken.record.request_fingerprint === record.request_fingerprint) return 'joined';
    throw logIdTaken(record.id);
  }
}
