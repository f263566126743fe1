import type { EventType, StreamEvent } from '../../contract/stream-event.ts';
import { kindOf } from '../../files/kinds/index.ts';
import { timestamp } from '../../kernel/clock.ts';
import type { ChildLog, RunEvent } from '../../runtime/events/run-event.ts';
import { logBody } from '../../wire/log.ts';
import { answerBody } from '../../wire/samples.ts';

/**
 * The events in streams of agents. Only prompts, and tools that a client calls, have the other
 * events.
 */
type AgentEvent = Extract<RunEvent, { readonly type: EventType }>;

/** How logs in a stream are shown. */
interface StreamOptions {
  /** False: `inputs` is an empty object. */
  readonly returnInputs?: boolean;
}

/**
 * The body of an event in the stream of an agent; undefined for events that the stream does not
 * have.
 */
export function streamEventBody(
  event: RunEvent,
  options: StreamOptions = {},
): StreamEvent | undefined {
  if (!isOfAgents(event)) return undefined;
  const { logId, message, payload } = eventContent(event, options);
  return { log_id: logId, message, payload, type: event.type, created_at: event.at };
}

/** The last event of a stream that ends before its run does. */
export function brokenOffBody(logId: string, message: string): StreamEvent {
  const created_at = timestamp(new Date());
  return { log_id: logId, message, payload: null, type: 'error', created_at };
}

function isOfAgents(event: RunEvent): event is AgentEvent {
  return !['sample_update', 'sample_end', 'prompt_end', 'tool_call_end'].includes(event.type);
}

interface Content {
  readonly logId: string;
  readonly message: string;
  /** Fits exactly one member of the union that clients parse. */
  readonly payload: unknown;
}

function eventContent(event: AgentEvent, options: StreamOptions): Content {
  const { logId, version } = event;
  const ids = { id: logId, agent_id: version.id, version_id: version.versionId };
  switch (event.type) {
    case 'agent_turn_start':
      return { logId, message: 'Agent turn started', payload: null };
    case 'agent_turn_continue':
      return { logId, message: 'Agent turn continued', payload: null };
    case 'agent_start':
      return { logId, message: 'Agent started', payload: null };
    case 'agent_update':
      return { logId, message: '', payload: { ...ids, output: event.delta, output_message: null } };
    case 'agent_end':
      return { logId, message: 'Agent ended', payload: { ...ids, ...answerBody(event.turn) } };
    case 'tool_start':
      return {
        logId: event.child.id,
        message: `Calling tool: ${event.call.function.name}`,
        payload: event.call,
      };
    case 'tool_update':
      return {
        logId: event.child.id,
        message: '',
        payload: deltaPayload(event.child, event.delta),
      };
    case 'tool_end':
      return {
        logId: event.log.view.record.id,
        message: `Tool ended: ${event.call.function.name}`,
        payload: logBody(event.log),
      };
    case 'agent_turn_suspend':
      return { logId, message: 'Agent turn suspended', payload: logBody(event.log, options) };
    case 'agent_turn_end':
      return { logId, message: 'Agent turn ended', payload: logBody(event.log, options) };
    case 'agent_turn_error':
      return {
        logId,
        message: event.log.view.record.error ?? 'The agent failed',
        payload: logBody(event.log, options),
      };
    case 'error':
      return { logId, message: event.message, payload: null };
  }
}

function deltaPayload({ id, version }: ChildLog, delta: string) {
  const { type, log } = kindOf(version.type);
  const ids = { id, [`${type}_id`]: version.id, version_id: version.versionId };
  return log?.turns === 'samples'
    ? { index: 0, ...ids, output: delta }
    : { ...ids, output: delta, output_message: null };
}
