import type { ChatMessage } from '../../../contract/chat.ts';
import { contentId } from '../../../kernel/ids.ts';
import { bareEvents } from '../../server/event-stream.ts';
import { promptCallBody, promptEventBody } from '../../wire/prompt-call.ts';
import { answeredTurn } from './agent-run.ts';
import { versions } from './files.ts';
import { recordFrom } from './logs.ts';
import { streamText } from './stream.ts';
import { upserts } from './upserts.ts';

const version = versions.prompt;
const logId = contentId('log', 'A request to sort');
const answer: ChatMessage = { role: 'assistant', content: 'billing' };

/** A call of the prompt. */
export const promptCall = {
  path: upserts.prompt.path,
  inputs: { request: 'My invoice is wrong.' },
};

const turn = {
  ...answeredTurn,
  model: upserts.prompt.model,
  message: answer,
  input_tokens: 34,
  output_tokens: 1,
};

const record = {
  ...recordFrom('prompt', { ...promptCall, log_id: logId, log_status: 'complete' }),
  output: 'billing',
  output_message: answer,
  finish_reason: 'stop',
  prompt_tokens: 34,
  output_tokens: 1,
  reasoning_tokens: 0,
  start_time: turn.started_at,
  end_time: turn.ended_at,
  provider_latency: 2,
};

/** The answer to it. */
export const promptCallAnswer = promptCallBody(
  { view: { record, turns: [turn], run: null }, version },
  {},
);

/** The answer as a stream. */
export const promptStream = streamText(
  {
    logId,
    version,
    form: bareEvents,
    firstNumber: 1,
    happenings: [
      { type: 'sample_update', index: 0, delta: 'bill' },
      { type: 'sample_update', index: 0, delta: 'ing' },
      { type: 'sample_end', turn },
    ],
  },
  promptEventBody,
);
