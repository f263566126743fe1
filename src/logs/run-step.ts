import type { ChatMessage, ToolCall } from '../contract/chat.ts';
import type { FileVersion } from '../files/file-version.ts';
import { kindOf } from '../files/kinds/index.ts';
import { secondsBetween, type Timestamp } from '../kernel/clock.ts';
import { hasSamples } from './has-samples.ts';
import type { LogView, TurnRecord } from './log-record.ts';
import { textOf } from './message-text.ts';
import { promptTokens, usageOfLog } from './totals.ts';
import type { TraceTree } from './trace-tree.ts';

/** A step in the tree of a run: a log, a model call, or a tool call without a log. */
export interface RunStep {
  /** The path of the log's file, the name of the model, or the name of the tool. */
  readonly name: string;
  /** `agent`, `model call 2`, `MCP tool` */
  readonly kind: string;
  /** Null for a log without a status. */
  readonly state: 'complete' | 'incomplete' | 'running' | 'suspended' | 'interrupted' | null;
  readonly startedAt: Timestamp | null;
  /** Null for a step that has not ended, or whose duration is unknown. */
  readonly seconds: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** US dollars: of the step and its model calls, without other steps below it. */
  readonly cost: number | null;
  /** The arguments of a tool call, as JSON. */
  readonly asked: string | null;
  /** The output. */
  readonly said: string | null;
  readonly error: string | null;
  readonly below: readonly RunStep[];
}

/** What was read together with the log at the top. */
interface Around {
  readonly trace: TraceTree;
  readonly versions: ReadonlyMap<string, FileVersion>;
}

/** The step of a log, with all steps below it. */
export function logStep(view: LogView, around: Around): RunStep {
  const { record, turns, run } = view;
  const children = (around.trace.get(record.id) ?? []).toSorted((a, b) =>
    compare(startTime(a), startTime(b)),
  );
  const step = (child: LogView) => logStep(child, around);
  const form = kindOf(record.type).log;
  // Show a prompt with one answer as one step: a second step for its only model call would repeat it.
  const shown = form?.turns === 'conversation' || hasSamples(view) ? turns : [];
  const turnOf = ({ record }: LogView) =>
    record.tool_call_id === null
      ? undefined
      : shown.findLast((turn) => turn.started_at <= record.created_at);
  const byTurn = Map.groupBy(children, turnOf);
  const usage = usageOfLog(view);
  const start = startTime(view);
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
    said: record.output ?? (record.output_message && shownText(record.output_message)),
    error: record.error,
    below: [
      ...shown.map((turn) => turnStep(view, turn, byTurn.get(turn) ?? [], step)),
      ...(byTurn.get(undefined) ?? []).map(step),
    ],
  };
}

function turnStep(
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
    cost: sumOfCosts(turn),
    asked: null,
    said: turn.message && textOf(turn.message),
    error: turn.error,
    below: [
      ...calls.flatMap((call) => {
        const logs = called.filter(({ record }) => record.tool_call_id === call.id);
        return logs.length > 0 ? logs.map(step) : [callStep(view, turn, call)];
      }),
      // Add the logs whose calls are not in the message: with `save: false` the message is not
      // stored.
      ...called.filter(({ record }) => !named.has(record.tool_call_id ?? '')).map(step),
    ],
  };
}

function turnWord({ record }: LogView): string {
  return kindOf(record.type).log?.turns === 'samples' ? 'sample' : 'model call';
}

/** The step of a tool call without a log. */
function callStep({ record, run }: LogView, turn: TurnRecord, call: ToolCall): RunStep {
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

function shownText(message: ChatMessage): string | null {
  const names = (message.tool_calls ?? []).map((call) => call.function.name);
  return textOf(message) ?? (names.length > 0 ? `calls ${names.join(', ')}` : null);
}

/** US dollars; null when a part of the cost is unknown. */
export function costOfLog(view: LogView): number | null {
  return sumOfCosts(usageOfLog(view));
}

function sumOfCosts(costs: Pick<TurnRecord, 'prompt_cost' | 'output_cost'>): number | null {
  const { prompt_cost: input, output_cost: output } = costs;
  return input === null || output === null ? null : input + output;
}

function startTime({ record }: LogView): Timestamp {
  return record.start_time ?? record.created_at;
}

function compare(a: Timestamp, b: Timestamp): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
