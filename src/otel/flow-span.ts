import { type ChatMessage, chatMessage } from '../contract/chat.ts';
import type { LogUpdate } from '../contract/log.ts';
import { invalid } from '../kernel/errors.ts';
import type { Tree } from './attribute-tree.ts';
import type { Span } from './read-spans.ts';
import { errorsIn } from './schema-errors.ts';
import { textAt, toMembers, valueAt } from './text-value.ts';

/** The end of a flow. Its log was made when the flow began. */
export interface FlowEnd {
  readonly logId: string;
  readonly update: LogUpdate;
  readonly sourceDatapointId: string | null;
  readonly runId: string | null;
}

/** @throws `invalid` for a span that does not name the log that it ends. */
export function readFlowEnd({ attributes, error }: Span): FlowEnd {
  const said = valueAt(attributes, 'humanloop.log');
  const logId = textAt(said, 'id');
  if (logId === null) {
    throw invalid(['body', 'attributes', 'humanloop.log.id'], 'Field required', 'missing');
  }
  return {
    logId,
    update: { ...readOutcome(said, textAt(said, 'error') ?? error), log_status: 'complete' },
    sourceDatapointId: textAt(said, 'source_datapoint_id'),
    runId: textAt(said, 'run_id'),
  };
}

function readOutcome(said: Tree | undefined, error: string | null): LogUpdate {
  if (error !== null) return { error };
  const message = valueAt(said, 'output_message');
  if (message !== undefined) return messageOutcome(toMembers(message));
  // A function may return nothing; its trace is completed all the same.
  return { output: textAt(said, 'output') ?? '' };
}

/** The client took the value for a message, but we do not know its role: keep it as JSON. */
function messageOutcome(message: Readonly<Record<string, Tree>>): LogUpdate {
  // One of the clients cannot write lists of objects: it sends text in their place.
  const lists = ['tool_calls', 'thinking'];
  const readable = Object.fromEntries(
    Object.entries(message).filter(
      ([name, value]) => !lists.includes(name) || Array.isArray(value),
    ),
  );
  return errorsIn(chatMessage, readable).length === 0
    ? { output_message: readable as unknown as ChatMessage }
    : { output: JSON.stringify(message) };
}
