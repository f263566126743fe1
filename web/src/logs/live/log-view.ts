import type { ChatMessage, LogResponse } from '../../api/types.ts';
import { idOfTurn, type Span, type SpanPage } from '../trace/span.ts';
import type { AgentEvent, PromptPiece } from './agent-event.ts';

/**
 * All that the page of a log shows. A stored log, the spans of its trace and the events of a run that
 * goes on make the same view, so a reload, a replay and a live run look the same.
 */
export interface LogView {
  readonly log: LogResponse;
  /** The conversation so far, with the last message of the run. */
  readonly messages: readonly ChatMessage[];
  readonly state: RunState;
  /** What the model has said of a message that is not complete. */
  readonly saying: { readonly text: string; readonly since: string } | null;
  /** Calls that the server works on: the log of each, and what it has said. By the id of the call. */
  readonly working: ReadonlyMap<string, { readonly logId: string; readonly text: string }>;
  /** By their ids. */
  readonly spans: ReadonlyMap<string, Span>;
  /** Where to ask for changes of the spans; null before the first answer. */
  readonly changes: string | null;
  /** The number of the last event; 0: none. */
  readonly lastEvent: number;
}

export type RunState = 'running' | 'suspended' | 'interrupted' | 'ended';

/** What changes the view. */
export type ViewChange =
  | { readonly type: 'stored'; readonly log: LogResponse }
  | { readonly type: 'spans'; readonly page: SpanPage; readonly isFirst: boolean }
  | { readonly type: 'event'; readonly number: number; readonly event: AgentEvent | PromptPiece };

/** The view of a stored log. */
export function viewOf(log: LogResponse): LogView {
  return {
    ...stored(log),
    working: new Map(),
    spans: new Map(),
    changes: null,
    lastEvent: 0,
  };
}

/** The view after a change. Pure: the same changes make the same view. */
export function changed(view: LogView, change: ViewChange): LogView {
  switch (change.type) {
    case 'stored':
      return { ...view, ...stored(change.log) };
    case 'spans':
      return withSpans(view, change.page, change.isFirst);
    case 'event':
      return { ...withEventOrPiece(view, change.event), lastEvent: change.number };
  }
}

function stored(log: LogResponse): Pick<LogView, 'log' | 'messages' | 'state' | 'saying'> {
  const { output_message: last, messages = [] } = log;
  const state = stateOf(log);
  const isLeftOut = last && state === 'ended' && !isSame(messages.at(-1), last);
  return { log, messages: isLeftOut ? [...messages, last] : messages, state, saying: null };
}

/** Whether the run of a log goes on. Logs without a run have ended. */
export function stateOf(log: LogResponse): RunState {
  const { run } = log as { readonly run?: { readonly state?: RunState } | null };
  return run?.state ?? 'ended';
}

/** When the last model call of a stored log ended. What events say of the time before is known. */
function knownUntil({ log }: LogView): string {
  const { turns = [] } = log as {
    readonly turns?: readonly { readonly ended_at?: string | null }[];
  };
  return turns.reduce((latest, { ended_at: at }) => (at && at > latest ? at : latest), '');
}

function withSpans(view: LogView, { spans, changes }: SpanPage, isFirst: boolean): LogView {
  const merged = new Map(view.spans);
  for (const span of spans) merged.set(span.id, span);
  return { ...view, spans: merged, changes: isFirst ? changes : view.changes };
}

function withEventOrPiece(view: LogView, event: AgentEvent | PromptPiece): LogView {
  return 'type' in event ? withEvent(view, event) : withPiece(view, event);
}

/** New words of a prompt. Of several samples the first is shown while they come. */
function withPiece(view: LogView, { index, output }: PromptPiece): LogView {
  if (index !== 0 || view.state !== 'running') return view;
  const { text = '', since = view.log.created_at } = view.saying ?? {};
  return { ...view, saying: { text: text + output, since } };
}

function withEvent(view: LogView, event: AgentEvent): LogView {
  switch (event.type) {
    case 'agent_turn_start':
    case 'agent_turn_continue':
      return isOld(view, event) ? view : { ...view, state: 'running' };
    case 'agent_start':
      return isOld(view, event) ? view : withOpenTurn({ ...view, state: 'running' }, event);
    case 'agent_update':
      return isOld(view, event) ? view : said(view, event);
    case 'agent_end':
      return isKnownTurn(view, event.payload.created_at) ? view : answered(view, event);
    case 'tool_start':
      return isAnswered(view, event.payload.id)
        ? view
        : working(view, event.payload.id, { logId: event.log_id, text: '' });
    case 'tool_update':
      return toolSaid(view, event);
    case 'tool_end':
      return toolAnswered(view, event);
    case 'agent_turn_suspend':
      return isBehind(view, event.payload) ? view : atRest(view, event.payload);
    case 'agent_turn_end':
    case 'agent_turn_error':
      return atRest(view, event.payload);
    case 'error':
      return view;
  }
}

/** Whether an event came before the end of the last turn that the view has: who rejoins gets them again. */
function isOld(view: LogView, { created_at: at }: AgentEvent): boolean {
  return at <= knownUntil(view);
}

/** Whether a rest came before what the view has: a conversation only grows. */
function isBehind({ messages }: LogView, log: LogResponse): boolean {
  return stored(log).messages.length < messages.length;
}

function isKnownTurn(view: LogView, endedAt: string): boolean {
  return endedAt <= knownUntil(view);
}

/** At a rest comes the whole log, as it is stored. */
function atRest(view: LogView, log: LogResponse): LogView {
  return { ...withoutOpenTurns(view), ...stored(log), working: new Map() };
}

/** A model call begins. What one before it had said without an end is void. */
function withOpenTurn(view: LogView, event: AgentEvent): LogView {
  const number = 1 + turnsOf(view);
  const turn = newTurn(view, number, event.created_at);
  return {
    ...view,
    spans: withSpan(withoutOpenTurns(view), turn),
    saying: { text: '', since: event.created_at },
  };
}

/** The model call that goes on, until the server has it. */
function openTurnOf({ spans, log }: LogView): Span | undefined {
  return [...spans.values()].find((span) => isOpenTurn(span, log.id));
}

function withoutOpenTurns(view: LogView): LogView {
  const spans = [...view.spans].filter(([, span]) => !isOpenTurn(span, view.log.id));
  return { ...view, spans: new Map(spans) };
}

function isOpenTurn({ kind, log_id: logId, status }: Span, ofLog: string): boolean {
  return kind === 'turn' && logId === ofLog && status === 'running';
}

function withSpan({ spans }: LogView, span: Span): ReadonlyMap<string, Span> {
  return new Map(spans).set(span.id, span);
}

function said(view: LogView, event: Extract<AgentEvent, { type: 'agent_update' }>): LogView {
  const saying = view.saying ?? { text: '', since: event.created_at };
  const next = { ...saying, text: saying.text + (event.payload.output ?? '') };
  const open = saying.text === '' ? openTurnOf(view) : undefined;
  return {
    ...view,
    saying: next,
    ...(open && { spans: withSpan(view, { ...open, first_token_at: event.created_at }) }),
  };
}

function answered(view: LogView, event: Extract<AgentEvent, { type: 'agent_end' }>): LogView {
  const { output_message: message, created_at: endedAt } = event.payload;
  const number = 1 + turnsOf(view);
  const messages = message ? [...view.messages, message] : view.messages;
  const log = { ...view.log, turns: [...turnList(view), { number, ended_at: endedAt }] };
  const open = openTurnOf(view);
  return {
    ...view,
    log: log as LogResponse,
    messages,
    saying: null,
    ...(open && { spans: withSpan(view, { ...open, status: 'complete', ended_at: endedAt }) }),
  };
}

function working(
  view: LogView,
  callId: string,
  call: { readonly logId: string; readonly text: string },
): LogView {
  return { ...view, working: new Map(view.working).set(callId, call) };
}

function toolSaid(view: LogView, event: Extract<AgentEvent, { type: 'tool_update' }>): LogView {
  for (const [callId, call] of view.working) {
    if (call.logId !== event.log_id) continue;
    return working(view, callId, { ...call, text: call.text + (event.payload.output ?? '') });
  }
  return view;
}

/** A tool has answered: its result becomes a message, as it will be stored. */
function toolAnswered(view: LogView, event: Extract<AgentEvent, { type: 'tool_end' }>): LogView {
  const callId = [...view.working].find(([, { logId }]) => logId === event.log_id)?.[0];
  if (callId === undefined) return view;
  const rest = new Map(view.working);
  rest.delete(callId);
  const { output, error } = event.payload;
  const result: ChatMessage = {
    role: 'tool',
    tool_call_id: callId,
    content: error ? `Error: ${error}` : (output ?? ''),
  };
  return { ...view, working: rest, messages: [...view.messages, result] };
}

function isAnswered({ messages }: LogView, callId: string): boolean {
  return messages.some(({ role, tool_call_id: id }) => role === 'tool' && id === callId);
}

function turnList({ log }: LogView): readonly unknown[] {
  return (log as { readonly turns?: readonly unknown[] }).turns ?? [];
}

function turnsOf(view: LogView): number {
  return turnList(view).length;
}

/** The span of a model call that the server has not stored yet. */
function newTurn(view: LogView, number: number, since: string): Span {
  const root = view.spans.get(view.log.id);
  const model = root?.model ?? null;
  return {
    ...unknown,
    id: idOfTurn(view.log.id, number),
    parent_id: view.log.id,
    kind: 'turn',
    log_id: view.log.id,
    turn: number,
    name: model ?? '',
    model,
    provider: root?.provider ?? null,
    status: 'running',
    started_at: since,
  };
}

/** What is not known of a span that has just begun. */
const unknown = {
  tool_call_id: null,
  path: null,
  file_id: null,
  version_id: null,
  error: null,
  ended_at: null,
  first_token_at: null,
  prompt_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  prompt_cost: null,
  output_cost: null,
  iterations: null,
  waits: [],
  answered_by: null,
  answered_at: null,
  answerer: null,
  copied: false,
  forked_from: null,
};

function isSame(a: ChatMessage | undefined, b: ChatMessage): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
