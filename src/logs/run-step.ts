import type { ChatMessage, ToolCall } from '../contract/chat.ts';
import type { FileVersion } from '../files/file-version.ts';
import { kindOf } from '../files/kinds/index.ts';
import { secondsBetween, type Timestamp } from '../kernel/clock.ts';
import type { LogView, TurnRecord } from './log-record.ts';
import { textOf } from './message-text.ts';
import { promptTokens, usageOfLog } from './totals.ts';
import type { TraceTree } from './trace-tree.ts';

/** A step of a run: a log, a model call, or a call of a tool that has no log of its own. */
export interface RunStep {
  /** The path of a log's file, the model that was called, or the name of the tool. */
  readonly name: string;
  /** What it is, in words: `agent`, `model call 2`, `tool of a server`. */
  readonly kind: string;
  /** Null for a log that says neither. */
  readonly state: 'complete' | 'incomplete' | 'running' | 'suspended' | 'interrupted' | null;
  readonly startedAt: Timestamp | null;
  /** Null for what has not ended, or was not measured. */
  readonly seconds: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** US dollars, without what the steps below it cost, unless they are its model calls. */
  readonly cost: number | null;
  /** What went into a tool: its arguments. */
  readonly asked: string | null;
  /** What came of it. */
  readonly said: string | null;
  readonly error: string | null;
  readonly below: readonly RunStep[];
}

/** What is read with a log. */
interface Around {
  readonly trace: TraceTree;
  readonly versions: ReadonlyMap<string, FileVersion>;
}

/** A log as a step, with all steps below it. */
export function stepOfLog(view: LogView, around: Around): RunStep {
  const { record, turns, run } = view;
  const children = (around.trace.get(record.id) ?? []).toSorted((a, b) =>
    compare(startOf(a), startOf(b)),
  );
  const step = (child: LogView) => stepOfLog(child, around);
  const form = kindOf(record.type).log;
  // A single sample is not shown below its log: it would say the same again.
  const shown = form?.turns === 'conversation' || turns.length > 1 ? turns : [];
  const turnOf = ({ record }: LogView) =>
    record.tool_call_id === null
      ? undefined
      : shown.findLast((turn) => turn.started_at <= record.created_at);
  const byTurn = Map.groupBy(children, turnOf);
  const usage = usageOfLog(view);
  const start = startOf(view);
  return {
    name: around.versions.get(record.version_id)?.path ?? record.file_id,
    kind: record.type,
    state: run?.state ?? record.log_status,
    startedAt: start,
    seconds:
      record.end_time === null ? record.provider_latency : secondsBetween(start, record.end_time),
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.output_tokens,
    cost: costOfLog(view),
    asked: form?.isAskedByInputs && record.inputs ? JSON.stringify(record.inputs) : null,
    said: record.output ?? (record.output_message && saidIn(record.output_message)),
    error: record.error,
    below: [
      ...shown.map((turn) => stepOfTurn(view, turn, byTurn.get(turn) ?? [], step)),
      ...(byTurn.get(undefined) ?? []).map(step),
    ],
  };
}

function stepOfTurn(
  view: LogView,
  turn: TurnRecord,
  called: readonly LogView[],
  step: (child: LogView) => RunStep,
): RunStep {
  const calls = turn.message?.tool_calls ?? [];
  const named = new Set(calls.map(({ id }) => id));
  return {
    name: turn.model ?? 'no model',
    kind: `${turnWord(view)} ${turn.number}`,
    state: 'complete',
    startedAt: turn.started_at,
    seconds: secondsBetween(turn.started_at, turn.ended_at),
    inputTokens: promptTokens(turn),
    outputTokens: turn.output_tokens,
    cost: costOf(turn),
    asked: null,
    said: turn.message && textOf(turn.message),
    error: turn.error,
    below: [
      ...calls.flatMap((call) => {
        const logs = called.filter(({ record }) => record.tool_call_id === call.id);
        return logs.length > 0 ? logs.map(step) : [stepOfCall(view, turn, call)];
      }),
      // Of a call whose payloads are not stored, the log alone says that it was made.
      ...called.filter(({ record }) => !named.has(record.tool_call_id ?? '')).map(step),
    ],
  };
}

function turnWord({ record }: LogView): string {
  return kindOf(record.type).log?.turns === 'samples' ? 'sample' : 'model call';
}

/** A call that has no log. */
function stepOfCall({ record, run }: LogView, turn: TurnRecord, call: ToolCall): RunStep {
  const isIts = (message: ChatMessage) => message.tool_call_id === call.id;
  const byServer = turn.results.find(isIts);
  const byClient = turn.continuation?.find(isIts);
  const answer = byServer ?? byClient;
  const open = answer ? undefined : run?.state;
  const kind = byServer
    ? 'MCP tool'
    : byClient || open === 'suspended'
      ? 'your tool'
      : open || record.error !== null
        ? 'tool'
        : 'ends the run';
  return {
    name: call.function.name,
    kind,
    state: open ?? 'complete',
    startedAt: null,
    seconds: null,
    inputTokens: null,
    outputTokens: null,
    cost: null,
    asked: call.function.arguments ?? null,
    said: answer ? textOf(answer) : null,
    error: null,
    below: [],
  };
}

function saidIn(message: ChatMessage): string | null {
  const names = (message.tool_calls ?? []).map((call) => call.function.name);
  return textOf(message) ?? (names.length > 0 ? `calls ${names.join(', ')}` : null);
}

/** US dollars; null where nothing is known. */
export function costOfLog(view: LogView): number | null {
  return costOf(usageOfLog(view));
}

function costOf(costs: Pick<TurnRecord, 'prompt_cost' | 'output_cost'>): number | null {
  const { prompt_cost: input, output_cost: output } = costs;
  return input === null || output === null ? null : input + output;
}

function startOf({ record }: LogView): Timestamp {
  return record.start_time ?? record.created_at;
}

function compare(a: Timestamp, b: Timestamp): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
