import type { ChatMessage, LogResponse } from '../../api/types.ts';
import { at } from '../trace/spans.fixture.ts';
import type { AgentEvent } from './agent-event.ts';
import type { RunState } from './log-view.ts';

// A run of an agent: it calls a tool of the server, then one of the client, waits, and ends.

export const question: ChatMessage = { role: 'user', content: 'Please pay the rent.' };
const looks: ChatMessage = {
  role: 'assistant',
  content: 'I look at the account.',
  tool_calls: [
    {
      id: 'call_1',
      type: 'function',
      function: { name: 'get_balance', arguments: '{"account":"A"}' },
    },
  ],
};
const balance: ChatMessage = { role: 'tool', tool_call_id: 'call_1', content: '{"balance":42}' };
const asks: ChatMessage = {
  role: 'assistant',
  content: 'I am ready to pay.',
  tool_calls: [
    { id: 'call_2', type: 'function', function: { name: 'transfer', arguments: '{"amount":1}' } },
  ],
};
const paid: ChatMessage = { role: 'tool', tool_call_id: 'call_2', content: 'executed' };
const done: ChatMessage = { role: 'assistant', content: 'It is paid.' };

interface Stage {
  readonly messages: readonly ChatMessage[];
  readonly turns: number;
  readonly state?: RunState;
  readonly last?: ChatMessage;
}

/** The log as it is stored at a stage of the run. A turn takes a second, and begins when the one before ends. */
function storedLog({ messages, turns, state, last }: Stage): LogResponse {
  return {
    id: 'a',
    agent: { name: 'Teller', path: 'Banking/Teller', version_id: 'agv_1' },
    messages,
    output_message: last ?? null,
    error: null,
    log_status: last ? 'complete' : 'incomplete',
    run: state ? { state } : null,
    turns: Array.from({ length: turns }, (_, index) => ({
      number: index + 1,
      ended_at: at((index + 1) * 1_000),
    })),
  } as unknown as LogResponse;
}

/** As it begins, as it waits, as it goes on after the answer, and as it ended. */
export const stored = {
  begun: storedLog({ messages: [question], turns: 0, state: 'running' }),
  midway: storedLog({ messages: [question, looks, balance], turns: 1, state: 'running' }),
  waiting: storedLog({ messages: [question, looks, balance, asks], turns: 2, state: 'suspended' }),
  continued: storedLog({
    messages: [question, looks, balance, asks, paid],
    turns: 2,
    state: 'running',
  }),
  ended: storedLog({ messages: [question, looks, balance, asks, paid], turns: 3, last: done }),
};

function event<Type extends AgentEvent['type']>(
  type: Type,
  ms: number,
  payload: unknown = null,
  logId = 'a',
): AgentEvent {
  return { type, log_id: logId, message: '', payload, created_at: at(ms) } as unknown as AgentEvent;
}

const ended = (message: ChatMessage, ms: number) => ({
  output_message: message,
  created_at: at(ms),
});

/** The events until it waits, by their numbers from 1. */
export const untilItWaits: readonly AgentEvent[] = [
  event('agent_turn_start', 1),
  event('agent_start', 2),
  event('agent_update', 500, { output: 'I look ' }),
  event('agent_update', 600, { output: 'at the account.' }),
  event('agent_end', 1_001, ended(looks, 1_000)),
  event('tool_start', 1_002, looks.tool_calls?.[0], 't'),
  event('tool_update', 1_003, { output: 'looking' }, 't'),
  event('tool_end', 1_004, { id: 't', output: balance.content, error: null }, 't'),
  event('agent_start', 1_005),
  event('agent_update', 1_500, { output: 'I am ready to pay.' }),
  event('agent_end', 2_001, ended(asks, 2_000)),
  event('agent_turn_suspend', 2_002, stored.waiting),
];

/** The events from the answer to the end. */
export const untilItEnds: readonly AgentEvent[] = [
  event('agent_turn_continue', 2_500),
  event('agent_start', 2_501),
  event('agent_update', 2_700, { output: 'It is ' }),
  event('agent_end', 3_001, ended(done, 3_000)),
  event('agent_turn_end', 3_002, stored.ended),
];
