import type { AgentLog, Costs, ToolCall } from './wire.ts';

interface Row {
  readonly name: string;
  readonly who: string;
  readonly ms?: number;
  /** In US dollars. */
  readonly cost?: number | null;
  readonly said?: string | null;
  readonly below?: readonly Row[];
}

/**
 * Prints a run as a tree: its model calls, and below each of them the tools that it called.
 *
 * @param logOf the ids of the tools' logs, by the ids of their calls; `tool_start` events contain
 *   them.
 */
export function printTrace(log: AgentLog, logOf: ReadonlyMap<string, string>): void {
  const before = log.messages.filter(({ role }) => role === 'assistant');
  const said = [...before, log.output_message];
  const modelCalls = log.turns.map((turn, index) => ({
    name: turn.model ?? log.agent.model,
    who: `model call ${index + 1}`,
    ms: between(turn.started_at, turn.ended_at),
    cost: totalCost(turn),
    said: said[index]?.content ?? null,
    below: said[index]?.tool_calls?.map((call) => toolRow(call, log, logOf)) ?? [],
  }));
  const whole = { name: log.agent.path, who: 'agent', below: modelCalls };
  printRow({ ...whole, ms: between(log.start_time, log.end_time), cost: totalCost(log) });
  const prompts = (log.trace_children ?? []).filter((child) => child.prompt);
  const total = sum([log, ...prompts].map(totalCost));
  console.log(`\nTotal: ${dollars(total)} for the model calls of the agent and its tools.`);
}

/** Tools of MCP servers and your own tools have no logs; their results are in messages. */
function toolRow(call: ToolCall, log: AgentLog, logOf: ReadonlyMap<string, string>): Row {
  const { name } = call.function;
  const result = log.messages.find((message) => message.tool_call_id === call.id);
  const child = log.trace_children?.find(({ id }) => id === logOf.get(call.id));
  const row = { name, said: result?.content ?? null };
  if (!child) return { ...row, who: logOf.has(call.id) ? 'MCP server' : 'yours' };
  const who = child.prompt ? 'prompt' : 'Python';
  return { ...row, who, ms: between(child.start_time, child.end_time), cost: totalCost(child) };
}

function printRow({ name, who, ms, cost, said, below = [] }: Row, lead = '', indent = ''): void {
  const time = ms === undefined ? '–' : `${(ms / 1_000).toFixed(3)} s`;
  const price = dollars(cost ?? null);
  const columns = [(lead + name).padEnd(34), who.padEnd(13), time.padStart(9), price.padStart(11)];
  const start = said ? JSON.stringify(said.length > 40 ? `${said.slice(0, 40)}…` : said) : '';
  console.log(`${columns.join('')}   ${start}`.trimEnd());
  below.forEach((row, index) => {
    const isLast = index === below.length - 1;
    printRow(row, `${indent}${isLast ? '└─ ' : '├─ '}`, `${indent}${isLast ? '   ' : '│  '}`);
  });
}

const between = (start: string, end: string) => Date.parse(end) - Date.parse(start);

/** Null when a cost is not known. */
function totalCost({ prompt_cost: input, output_cost: output }: Costs) {
  return input === null || output === null ? null : input + output;
}

/** Null when a cost is not known. */
const sum = (costs: readonly (number | null)[]) =>
  costs.reduce((total, cost) => (total === null || cost === null ? null : total + cost), 0);

const dollars = (cost: number | null) => (cost === null ? '–' : `$${cost.toFixed(6)}`);
