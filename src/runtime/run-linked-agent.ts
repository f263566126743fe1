import type { ToolCall } from '../contract/chat.ts';
import type { AgentSpec } from '../contract/kinds/agent.ts';
import type { FileVersion } from '../files/file-queries.ts';
import { PlatformError } from '../kernel/errors.ts';
import { type AgentTools, offeredTools } from './agent-tools.ts';
import { answerCall, childRecord, requestOfCall } from './linked-call.ts';
import { callableEndpoints, chooseProvider, requireCallable } from './model-request.ts';
import { Run } from './run.ts';
import type { Happening, RunOutcome } from './run-event.ts';
import { openRun } from './run-queries.ts';
import { argumentsOf, badArguments, type ToolOutcome } from './tool-message.ts';

/** Runs an agent; what `runAgent` is. Handed in, since a run of an agent runs tools itself. */
export type DriveAgent = (run: Run) => AsyncGenerator<Happening, RunOutcome>;

/** How deep agents may call agents. */
const deepestNesting = 5;

/**
 * Answers a tool call by running another agent, as a run of its own below this one. Of what happens
 * in it, this run's stream carries the text alone.
 *
 * When the inner agent waits for the client, so does the call.
 */
export async function* runLinkedAgent(
  run: Run,
  call: ToolCall,
  file: FileVersion,
  driveAgent: DriveAgent,
): AsyncGenerator<Happening, ToolOutcome> {
  const given = argumentsOf(call);
  const record = childRecord(run, call, file, requestOfCall(file, given ?? {}));
  const child = { id: record.id, version: file };
  yield { type: 'tool_start', child, call };

  const tools = await offeredTools(run.workspace, file);
  const obstacle = given ? obstacleTo(run, file, tools, record) : badArguments;
  if (obstacle !== undefined) {
    const failed = { ...record, log_status: 'complete' as const, error: obstacle };
    const output = `Error: ${obstacle}`;
    await answerCall(run, call, output, failed);
    const view = { record: failed, turns: [], run: null };
    yield { type: 'tool_end', call, log: { view, version: file } };
    return { type: 'answered', output };
  }

  const { workspace, parts } = run;
  const lease = await openRun(workspace, { record, owner: run.owner, keepOpen: false });
  parts.usage.add(workspace.organizationId, file, record.created_at);
  const inner = new Run({
    parts,
    workspace,
    version: file,
    tools,
    record,
    turns: [],
    lease,
    owner: run.owner,
    eventCount: 0,
    keepOpen: false,
    providerApiKeys: run.providerApiKeys,
    stream: run.stream,
    signal: run.signal,
    ancestors: [...run.ancestors, run.version.id],
  });
  const running = driveAgent(inner);
  let step = await running.next();
  for (; !step.done; step = await running.next()) {
    inner.event(step.value);
    if (step.value.type === 'agent_update') {
      yield { type: 'tool_update', child, delta: step.value.delta };
    }
  }
  const { log, type } = step.value;
  if (type === 'suspended') return { type: 'suspended' };
  const { output, error } = log.view.record;
  const result = error === null ? (output ?? '') : `Error: ${error}`;
  await answerCall(run, call, result, null);
  yield { type: 'tool_end', call, log };
  return { type: 'answered', output: result };
}

function obstacleTo(
  run: Run,
  file: FileVersion,
  tools: AgentTools,
  record: Parameters<typeof requireCallable>[1],
): string | undefined {
  const above = [...run.ancestors, run.version.id];
  if (above.includes(file.id)) return `the agent ${file.name} is already running above this call.`;
  if (above.length >= deepestNesting) return `agents are nested ${deepestNesting} deep at most.`;
  try {
    const spec = file.spec as AgentSpec;
    requireCallable(spec, record, callableEndpoints.agent, tools.snippets);
    chooseProvider(run.parts, spec, run.providerApiKeys);
    return undefined;
  } catch (error) {
    if (error instanceof PlatformError) return error.message;
    throw error;
  }
}
