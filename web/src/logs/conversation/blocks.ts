import type { ChatMessage, LogResponse, ToolCall } from '../../api/types.ts';
import type { LogView } from '../live/log-view.ts';
import { idOfTurn, type Span } from '../trace/span.ts';
import { readJsonText } from '../values/json-text.ts';

/** One part of a conversation, as it is read from the top to the bottom. */
export type Block =
  | {
      readonly type: 'said';
      readonly role: 'user' | 'assistant' | 'system';
      readonly name: string | undefined;
      readonly parts: readonly Part[];
      readonly isLive: boolean;
      readonly spanId: string | undefined;
    }
  | { readonly type: 'thought'; readonly text: string; readonly spanId: string | undefined }
  | CallBlock;

export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly url: string };

/** A tool call, with what came of it. */
export interface CallBlock {
  readonly type: 'call';
  readonly id: string;
  readonly name: string;
  /** As the model wrote it; it may be no JSON. */
  readonly argumentsText: string;
  readonly arguments: unknown;
  readonly status: 'running' | 'waiting' | 'complete' | 'error' | 'ended-run' | 'unanswered';
  readonly result: string | undefined;
  /** What the tool has said, while it works. */
  readonly saying: string;
  readonly span: Span | undefined;
}

/** The conversation of a view. */
export function blocksOf(view: LogView): readonly Block[] {
  const results = new Map(
    view.messages.flatMap((message) =>
      message.role === 'tool' && message.tool_call_id ? [[message.tool_call_id, message]] : [],
    ),
  );
  const spanOf = spansOfCalls(view);
  const turnOf = turnsOfMessages(view);
  const last = view.messages.findLast(({ role }) => role === 'assistant');
  const blocks = view.messages.flatMap((message): readonly Block[] => {
    if (message.role === 'tool') return [];
    const turn = turnOf.get(message);
    const calls = (message.tool_calls ?? []).map((call) =>
      callBlock(call, {
        view,
        result: results.get(call.id),
        span: spanOf(call.id),
        isLast: message === last,
      }),
    );
    return [...thoughtsOf(message, turn?.id), ...saidIn(message, turn?.id), ...calls];
  });
  return view.saying ? [...blocks, liveBlock(view)] : blocks;
}

/** The text of a message's content. */
export function textOf({ content }: ChatMessage): string {
  return partsOf(content)
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('');
}

function thoughtsOf({ thinking }: ChatMessage, spanId: string | undefined): readonly Block[] {
  const text = (thinking ?? [])
    .flatMap((part) => (part.type === 'thinking' ? part.thinking : []))
    .join('\n\n');
  return text === '' ? [] : [{ type: 'thought', text, spanId }];
}

function saidIn(message: ChatMessage, spanId: string | undefined): readonly Block[] {
  const parts = partsOf(message.content);
  if (parts.length === 0) return [];
  const role = message.role === 'user' || message.role === 'assistant' ? message.role : 'system';
  return [{ type: 'said', role, name: message.name ?? undefined, parts, isLive: false, spanId }];
}

function partsOf(content: ChatMessage['content']): readonly Part[] {
  if (!content) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part) =>
    part.type === 'text'
      ? { type: 'text', text: part.text }
      : { type: 'image', url: part.image_url.url },
  );
}

function liveBlock({ saying }: LogView): Block {
  return {
    type: 'said',
    role: 'assistant',
    name: undefined,
    parts: [{ type: 'text', text: saying?.text ?? '' }],
    isLive: true,
    spanId: undefined,
  };
}

function callBlock(
  call: ToolCall,
  {
    view,
    result,
    span,
    isLast,
  }: {
    readonly view: LogView;
    readonly result: ChatMessage | undefined;
    readonly span: Span | undefined;
    readonly isLast: boolean;
  },
): CallBlock {
  const argumentsText = call.function.arguments ?? '';
  return {
    type: 'call',
    id: call.id,
    name: call.function.name,
    argumentsText,
    arguments: readJsonText(argumentsText),
    status: statusOf(view, { call, result, span, isLast }),
    result: result && textOf(result),
    saying: view.working.get(call.id)?.text ?? '',
    span,
  };
}

function statusOf(
  { state, working, log }: LogView,
  {
    call,
    result,
    span,
    isLast,
  }: {
    readonly call: ToolCall;
    readonly result: ChatMessage | undefined;
    readonly span: Span | undefined;
    readonly isLast: boolean;
  },
): CallBlock['status'] {
  if (result)
    return span?.status === 'error' || /^Error: /.test(textOf(result)) ? 'error' : 'complete';
  if (working.has(call.id)) return 'running';
  if (isLast && state === 'ended' && log.log_status === 'complete' && stops(log, call)) {
    return 'ended-run';
  }
  if (!isLast || state === 'ended') return 'unanswered';
  return state === 'suspended' ? 'waiting' : 'running';
}

/** Whether a call of a tool ends the run: what it was called with is the output. */
function stops(log: LogResponse, { function: { name } }: ToolCall): boolean {
  const { agent } = log as unknown as {
    readonly agent?: { readonly tools?: readonly AgentTool[] | null };
  };
  return (agent?.tools ?? []).some(
    (tool) => tool.on_agent_call === 'stop' && tool.json_schema?.name === name,
  );
}

interface AgentTool {
  readonly on_agent_call?: string | null;
  readonly json_schema?: { readonly name?: string };
}

/**
 * Finds the span of a call by its id. Vendors may use an id again in a later turn, so each id leads to
 * its spans in the order of the turns, one after the other.
 */
function spansOfCalls({ spans, log }: LogView): (callId: string) => Span | undefined {
  // Logs below have calls of their own, which may have the same ids.
  const isOwn = ({ parent_id: parent, turn }: Span) =>
    turn !== null && parent === idOfTurn(log.id, turn);
  const byCall = Map.groupBy(
    [...spans.values()].filter((span) => span.tool_call_id !== null && isOwn(span)),
    ({ tool_call_id: id }) => id ?? '',
  );
  for (const list of byCall.values()) list.sort((a, b) => (b.turn ?? 0) - (a.turn ?? 0));
  return (callId) => byCall.get(callId)?.pop();
}

/**
 * The turns that made the messages of the model. A request may bring messages of an earlier
 * conversation, so they are matched from the end. A turn that failed may have no message.
 */
function turnsOfMessages({ spans, messages, log }: LogView): ReadonlyMap<ChatMessage, Span> {
  const turns = [...spans.values()]
    .filter(
      ({ kind, log_id: id, status }) => kind === 'turn' && id === log.id && status === 'complete',
    )
    .toSorted((a, b) => (b.turn ?? 0) - (a.turn ?? 0));
  const ofModel = messages.filter(({ role }) => role === 'assistant').toReversed();
  return new Map(
    ofModel.slice(0, turns.length).map((message, index) => [message, turns[index] as Span]),
  );
}
