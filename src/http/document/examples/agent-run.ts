import type { ChatMessage } from '../../../contract/chat.ts';
import { contentId } from '../../../kernel/ids.ts';
import type { LogView, TurnRecord } from '../../../logs/log-record.ts';
import type { VersionedLog } from '../../../logs/versioned-log.ts';
import { waitingRun } from '../../../logs/waiting-run.ts';
import { logBody } from '../../../wire/log.ts';
import { numberedEvents } from '../../server/event-stream.ts';
import { streamEventBody } from '../../wire/stream-event.ts';
import { at, versions } from './files.ts';
import { recordFrom } from './logs.ts';
import { streamText } from './stream.ts';
import { upserts } from './upserts.ts';

const version = versions.agent;
const logId = contentId('log', 'A question about a balance');
const toolCall = {
  id: 'call_8Zk2',
  type: 'function' as const,
  function: { name: 'check_balance', arguments: '{"account":"ACC-4711"}' },
};
const asking: ChatMessage = { role: 'assistant', content: null, tool_calls: [toolCall] };
const answer = 'The balance of ACC-4711 is 1,250.75 GBP.';
const answering: ChatMessage = { role: 'assistant', content: answer };

/** A question that the agent can only answer with the help of its client. */
export const agentCall = {
  path: upserts.agent.path,
  inputs: { bank: 'Northbank' },
  messages: [{ role: 'user' as const, content: 'What is the balance of ACC-4711?' }],
};

/** The result of the client's tool. */
export const agentContinue = {
  log_id: logId,
  messages: [
    {
      role: 'tool' as const,
      tool_call_id: toolCall.id,
      content: '{"balance": 1250.75, "currency": "GBP"}',
    },
  ],
};

const record = {
  ...recordFrom('agent', { ...agentCall, log_id: logId, log_status: 'incomplete' }),
  start_time: at('10:00:00'),
};

const firstTurn: TurnRecord = {
  number: 1,
  started_at: at('10:00:00'),
  first_token_at: at('10:00:01'),
  ended_at: at('10:00:02'),
  provider: 'openai',
  model: 'gpt-4o',
  finish_reason: 'tool_calls',
  error: null,
  input_tokens: 71,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 18,
  reasoning_tokens: 0,
  prompt_cost: 0.00001065,
  output_cost: 0.0000108,
  price_table: 'genai-prices-0.1.8+1f0c5a9e77d2',
  message: asking,
  parts: null,
  results: [],
  continuation: null,
  shared_messages: 0,
  provider_request: null,
  provider_response: null,
};

/** A model call that answered with text. */
export const answeredTurn: TurnRecord = {
  ...firstTurn,
  number: 2,
  started_at: at('10:00:09'),
  first_token_at: at('10:00:10'),
  ended_at: at('10:00:11'),
  finish_reason: 'stop',
  input_tokens: 112,
  output_tokens: 16,
  prompt_cost: 0.0000168,
  output_cost: 0.0000096,
  message: answering,
};

const suspended = versionedLog({ record, turns: [firstTurn], run: waitingRun(1) });
const finished = versionedLog({
  record: {
    ...record,
    log_status: 'complete',
    output: answer,
    output_message: answering,
    finish_reason: 'stop',
    prompt_tokens: 183,
    output_tokens: 34,
    reasoning_tokens: 0,
    prompt_cost: 0.00002745,
    output_cost: 0.0000204,
    end_time: at('10:00:11'),
    provider_latency: 4,
  },
  turns: [{ ...firstTurn, continuation: agentContinue.messages }, answeredTurn],
  run: null,
});

const cancelled = versionedLog({
  record: { ...record, log_status: 'complete', error: 'cancelled', end_time: at('10:00:11') },
  turns: [firstTurn],
  run: null,
});

/** The run after it was cancelled. */
export const cancelledCall = logBody(cancelled);
/** The run while it waits for the client's tool. */
export const suspendedCall = logBody(suspended);
/** The run after it has ended. */
export const finishedCall = logBody(finished);

/** The stream of the call. It ends where the run waits. */
export const callStream = streamText(
  {
    logId,
    version,
    form: numberedEvents,
    firstNumber: 1,
    happenings: [
      { type: 'agent_turn_start' },
      { type: 'agent_start' },
      { type: 'agent_end', turn: firstTurn },
      { type: 'agent_turn_suspend', log: suspended },
    ],
  },
  streamEventBody,
);

/** The stream of the continue. Its event numbers continue those of the call. */
export const continueStream = streamText(
  {
    logId,
    version,
    form: numberedEvents,
    firstNumber: 5,
    happenings: [
      { type: 'agent_turn_continue' },
      { type: 'agent_start' },
      { type: 'agent_update', delta: 'The balance of ACC-4711 ' },
      { type: 'agent_update', delta: 'is 1,250.75 GBP.' },
      { type: 'agent_end', turn: answeredTurn },
      { type: 'agent_turn_end', log: finished },
    ],
  },
  streamEventBody,
);

function versionedLog(view: LogView): VersionedLog {
  return { view, version };
}
