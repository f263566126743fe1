import { isRecord } from '../../../kernel/json-object.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A log as evaluators see it: the body of `GET /logs/{id}` with `children`, `tool_calls` and
 * `totals`, and without judgments.
 *
 * `trace_children` is the same list as `children`. It is not enumerable: in JSON the list would be
 * there twice at each level, and a trace of ten levels a thousand times as long.
 */
export type JudgedLog = Record<string, unknown>;

/**
 * A log that a request describes, as evaluators see it. Fields that it leaves out have the values
 * of a log without them.
 */
export function judgedLogOf(given: Fields): JudgedLog {
  const { children, trace_children, ...fields } = given;
  const below = children ?? trace_children;
  const list = Array.isArray(below) ? below : [];
  return withChildren(
    { ...emptyLog, ...fields, evaluator_logs: [] },
    list.map((child) => (isRecord(child) ? judgedLogOf(child) : child)),
  );
}

/** Gives a log its children, under both names; see {@link JudgedLog}. */
export function withChildren(log: JudgedLog, children: readonly unknown[]): JudgedLog {
  const { trace_children, ...rest } = log;
  return Object.defineProperty({ ...rest, children }, 'trace_children', {
    value: children,
    enumerable: false,
  });
}

/** What code may read of every log. */
const emptyLog: JudgedLog = {
  id: null,
  inputs: {},
  output: null,
  error: null,
  messages: [],
  output_message: null,
  created_at: null,
  start_time: null,
  end_time: null,
  provider_latency: null,
  source: null,
  metadata: null,
  user: null,
  environment: null,
  log_status: null,
  source_datapoint_id: null,
  trace_id: null,
  trace_parent_id: null,
  tool_calls: [],
  totals: {
    cost: null,
    prompt_tokens: null,
    output_tokens: null,
    latency: null,
    model_calls: null,
    tool_calls: null,
    errors: null,
  },
};
