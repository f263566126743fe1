import type { LogState, Span } from '../../contract/spans.ts';
import { kindOf } from '../../files/kinds/index.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import { clipText } from '../../kernel/text.ts';
import { forkedFrom } from '../forked-from.ts';
import { hasSamples } from '../has-samples.ts';
import { stateOf } from '../log-state.ts';
import { promptTokens, totalCost, totalUsage } from '../totals.ts';
import type { AnsweringLog, LogBones, TurnBones, TurnCalls } from './bones-queries.ts';
import { writeSpanId } from './span-id.ts';

/** What was read together with the logs of a page. */
export interface SpansAround {
  /** The log whose trace it is. It is shown without one above it. */
  readonly rootId: string;
  readonly logs: ReadonlyMap<string, LogBones>;
  /** The turns of these logs, and of those whose tool calls they answer, by the id of the log. */
  readonly turns: ReadonlyMap<string, readonly TurnBones[]>;
  /** The logs that answer the tool calls of a turn, by the id of its span. */
  readonly answering: ReadonlyMap<string, readonly AnsweringLog[]>;
}

/** The span of a log. The only model call of a prompt is a part of it. */
export function logSpan(log: LogBones, around: SpansAround): Span {
  const turns = around.turns.get(log.id) ?? [];
  const form = kindOf(log.type).log;
  const own = form?.turns === 'conversation' || hasSamples({ turns }) ? undefined : turns[0];
  const calling = callingTurn(log, around);
  const usage = log.run_state === null ? log : { ...totalUsage(turns), ...totalCost(turns) };
  return {
    ...blank,
    id: log.id,
    parent_id: log.id === around.rootId ? null : parentId(log, calling),
    kind: kindOf(log.type).type as Span['kind'],
    log_id: log.id,
    turn: calling?.number ?? null,
    tool_call_id: log.tool_call_id,
    name: log.path.slice(log.path.lastIndexOf('/') + 1),
    path: log.path,
    file_id: log.file_id,
    version_id: log.version_id,
    model: own?.model ?? null,
    provider: own?.provider ?? null,
    status: stateOf(log),
    error: firstLine(log.error),
    started_at: log.started_at,
    ended_at: log.end_time,
    first_token_at: own?.first_token_at ?? null,
    prompt_tokens: usage.prompt_tokens,
    reasoning_tokens: usage.reasoning_tokens,
    output_tokens: usage.output_tokens,
    prompt_cost: usage.prompt_cost,
    output_cost: usage.output_cost,
    iterations: form?.turns === 'conversation' ? turns.length : null,
    waits: form?.turns === 'conversation' ? waitsOf(log, turns, around) : [],
    forked_from: forkedFrom(log),
  };
}

/** The span of a model call. */
export function turnSpan(log: LogBones, turn: TurnBones): Span {
  return {
    ...blank,
    id: writeSpanId({ logId: log.id, turn: turn.number }),
    parent_id: log.id,
    kind: 'turn',
    log_id: log.id,
    turn: turn.number,
    name: turn.model ?? 'no model',
    model: turn.model,
    provider: turn.provider,
    status: turn.error === null ? 'complete' : 'error',
    error: firstLine(turn.error),
    started_at: turn.started_at,
    ended_at: turn.ended_at,
    first_token_at: turn.first_token_at,
    prompt_tokens: promptTokens(turn),
    reasoning_tokens: turn.reasoning_tokens,
    output_tokens: turn.output_tokens,
    prompt_cost: turn.prompt_cost,
    output_cost: turn.output_cost,
    copied: isCopied(log, turn),
  };
}

/** The spans of the tool calls of a turn that no log answers. */
export function callSpans(
  log: LogBones,
  turn: TurnBones,
  { calls, by_server, by_client }: Pick<TurnCalls, 'calls' | 'by_server' | 'by_client'> = noCalls,
  around: SpansAround,
): readonly Span[] {
  const withLog = new Set(answersTo(turn, around).map(({ tool_call_id: id }) => id));
  const [byServer, byClient] = [new Set(by_server), new Set(by_client)];
  const next = around.turns.get(log.id)?.[turn.number];
  const isCopy = isCopied(log, turn);
  return calls.flatMap(([callId, name]) => {
    if (withLog.has(callId)) return [];
    const answeredBy = byServer.has(callId) ? 'server' : byClient.has(callId) ? 'client' : null;
    const open = answeredBy === null && !isCopy ? log.run_state : null;
    const from = waitStart(turn, around);
    const status: LogState = open ?? 'complete';
    const isWaiting = answeredBy === 'client' || open === 'suspended';
    return [
      {
        ...blank,
        id: writeSpanId({ logId: log.id, turn: turn.number, toolCallId: callId }),
        parent_id: writeSpanId({ logId: log.id, turn: turn.number }),
        kind: 'call',
        log_id: log.id,
        turn: turn.number,
        tool_call_id: callId,
        name,
        status,
        started_at: turn.ended_at,
        // The server notes no time for calls without a log. They had ended when the run went on. A call
        // that was copied may have had a log in the original, and its run went on at another time.
        ended_at: open === null && !isCopy ? (next?.started_at ?? log.end_time) : null,
        waits: isWaiting && !isCopy ? [{ from, until: next?.started_at ?? endOf(log) }] : [],
        answered_by: answeredBy,
        ...(answeredBy === 'client'
          ? { answered_at: turn.continued_at, answerer: turn.answerer }
          : {}),
        copied: isCopy,
      },
    ];
  });
}

const noCalls = { calls: [], by_server: [], by_client: [] };

/** The fields that only some spans have. */
const blank = {
  tool_call_id: null,
  path: null,
  file_id: null,
  version_id: null,
  model: null,
  provider: null,
  error: null,
  first_token_at: null,
  prompt_tokens: null,
  reasoning_tokens: null,
  output_tokens: null,
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

function parentId(log: LogBones, calling: TurnBones | undefined): string | null {
  if (log.trace_parent_id === null || !calling) return log.trace_parent_id;
  return writeSpanId({ logId: log.trace_parent_id, turn: calling.number });
}

/** The turn whose tool call a log answers. */
function callingTurn(log: LogBones, { turns }: SpansAround): TurnBones | undefined {
  if (log.tool_call_id === null || log.trace_parent_id === null) return undefined;
  return turnBegunBy(turns.get(log.trace_parent_id) ?? [], log.created_at);
}

/**
 * The last turn that had begun at a time: the one whose tool call a log answers that was made then.
 *
 * @param turns of a conversation, in order.
 */
export function turnBegunBy<Turn extends Pick<TurnBones, 'started_at'>>(
  turns: readonly Turn[],
  time: Timestamp,
): Turn | undefined {
  let [low, high] = [0, turns.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((turns[middle] as Turn).started_at <= time) low = middle + 1;
    else high = middle;
  }
  return turns[low - 1];
}

function answersTo({ log_id: logId, number }: TurnBones, { answering }: SpansAround) {
  return answering.get(writeSpanId({ logId, turn: number })) ?? [];
}

/** When the run waited for its client: after turns that it has continued, and now. */
function waitsOf(log: LogBones, turns: readonly TurnBones[], around: SpansAround): Span['waits'] {
  const waits = turns.flatMap((turn, index) => {
    if (!turn.is_continued || isCopied(log, turn)) return [];
    const until = turns[index + 1]?.started_at ?? endOf(log);
    return [{ from: waitStart(turn, around), until }];
  });
  if (log.run_state !== 'suspended') return waits;
  const last = turns.at(-1);
  const from = log.suspended_at ?? last?.ended_at ?? log.started_at;
  return [...waits, { from, until: null }];
}

/** When the last thing of a turn that the server did had ended. */
function waitStart(turn: TurnBones, around: SpansAround): Timestamp {
  const ends = answersTo(turn, around).flatMap(({ end_time: end }) => end ?? []);
  return [turn.ended_at, ...ends].toSorted().at(-1) as Timestamp;
}

/** Null while the run goes on: the turn that follows a wait is stored when it has ended. */
function endOf(log: LogBones): Timestamp | null {
  return log.run_state === null ? log.end_time : null;
}

function isCopied({ forked_from_turn: first }: LogBones, { number }: TurnBones): boolean {
  return first !== null && number < first;
}

function firstLine(text: string | null): string | null {
  return text === null ? null : clipText(text.split('\n', 1)[0] ?? '', 200);
}
