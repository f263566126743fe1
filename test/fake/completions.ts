import {
  chunksOf,
  event,
  type FakeAnswer,
  type FakeRequest,
  type FakeWire,
  textOf,
} from './answer.ts';
import { asksForUsage, openaiUsage } from './chat-completions.ts';

/** OpenAI's completions: https://platform.openai.com/docs/api-reference/completions */
export const completions: FakeWire = {
  path: /\/completions$/,
  whole: textCompletion,
  events: textCompletionChunks,
  lastEvents: (request) => (asksForUsage(request) ? 3 : 2),
};

function textCompletionFrame({ extra }: FakeAnswer, { body }: FakeRequest) {
  const frame = { id: 'cmpl-fake', object: 'text_completion', created: 1_790_000_000 };
  return { ...frame, model: body['model'], system_fingerprint: 'fp_fake', ...extra };
}

/** Of each piece of text, as if it were one token; null where they are not asked for. */
function textLogprobs(tokens: readonly string[], start: number, { body }: FakeRequest) {
  if (typeof body['logprobs'] !== 'number') return null;
  return {
    tokens,
    token_logprobs: tokens.map(() => -0.25),
    top_logprobs: tokens.map((token) => ({ [token]: -0.25, index: -3 })),
    text_offset: tokens.map((_, at) => start + tokens.slice(0, at).join('').length),
  };
}

function textCompletion(answer: FakeAnswer, request: FakeRequest) {
  const usage = openaiUsage(answer.usage);
  return {
    ...textCompletionFrame(answer, request),
    choices: [
      {
        text: textOf(answer),
        index: 0,
        logprobs: textLogprobs(chunksOf(answer.text ?? ''), 0, request),
        finish_reason: answer.finishReason ?? 'stop',
      },
    ],
    ...(usage && { usage }),
  };
}

function textCompletionChunks(answer: FakeAnswer, request: FakeRequest): string[] {
  const frame = textCompletionFrame(answer, request);
  const hasUsage = asksForUsage(request);
  const chunk = (text: string, logprobs: object | null, finish: string | null) =>
    event({
      ...frame,
      choices: [{ text, index: 0, logprobs, finish_reason: finish }],
      ...(hasUsage ? { usage: null } : {}),
    });
  let start = 0;
  const events = chunksOf(answer.text ?? '').map((text) => {
    const logprobs = textLogprobs([text], start, request);
    start += text.length;
    return chunk(text, logprobs, null);
  });
  events.push(chunk('', null, answer.finishReason ?? 'stop'));
  if (hasUsage) events.push(event({ ...frame, choices: [], usage: openaiUsage(answer.usage) }));
  events.push('data: [DONE]\n\n');
  return events;
}
