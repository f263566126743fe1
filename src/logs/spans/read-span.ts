import type { ChatMessage } from '../../contract/chat.ts';
import type { Workspace } from '../../database/workspace.ts';
import { messagesOfLog, messagesOfTurn } from '../conversation.ts';
import { logNotFound } from '../errors.ts';
import type { TurnRecord } from '../log-record.ts';
import { getLog } from '../read-logs.ts';
import { type VersionedLog, versioned } from '../versioned-log.ts';
import { lastRequest } from '../wire-body.ts';
import { readSpanId } from './span-id.ts';
import { isBelow } from './span-queries.ts';

/** A span with its payloads: a whole log, a turn, or a tool call of a turn. */
export type SpanContent =
  | { readonly type: 'log'; readonly log: VersionedLog }
  | {
      readonly type: 'turn';
      readonly turn: TurnRecord;
      /** The place of its message in the messages of the log; null if they do not have it. */
      readonly messageIndex: number | null;
      /** The whole body of the model call. */
      readonly request: unknown;
    }
  | {
      readonly type: 'call';
      readonly toolCallId: string;
      readonly name: string;
      readonly arguments: string | null;
      readonly result: ChatMessage | null;
    };

/**
 * A span of the trace of a log.
 *
 * @throws `log_not_found` (not_found) for an id that no span of it has.
 */
export async function readSpan(
  workspace: Workspace,
  rootId: string,
  id: string,
): Promise<SpanContent> {
  const { logId, turn: number, toolCallId } = readSpanId(id);
  if (logId !== rootId && !(await isBelow(workspace, logId, rootId))) throw logNotFound(id);
  const log = await versioned(workspace, await getLog(workspace, logId));
  if (number === undefined) return { type: 'log', log };
  const { turns } = log.view;
  const place = turns.findIndex((turn) => turn.number === number);
  const turn = turns[place];
  if (!turn) throw logNotFound(id);
  if (toolCallId === undefined) {
    return {
      type: 'turn',
      turn,
      messageIndex: messageIndex(log, turn),
      request: lastRequest(turns.slice(0, place + 1)),
    };
  }
  const call = turn.message?.tool_calls?.find((call) => call.id === toolCallId);
  if (!call) throw logNotFound(id);
  const isIts = (message: ChatMessage) => message.tool_call_id === toolCallId;
  return {
    type: 'call',
    toolCallId,
    name: call.function.name,
    arguments: call.function.arguments ?? null,
    result: messagesOfTurn(turn).find(isIts) ?? null,
  };
}

function messageIndex({ view }: VersionedLog, { message }: TurnRecord): number | null {
  const index = message === null ? -1 : messagesOfLog(view).indexOf(message);
  return index < 0 ? null : index;
}
