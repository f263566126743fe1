import {
  callsOf,
  chunksOf,
  event,
  type FakeAnswer,
  type FakeRequest,
  type FakeUsage,
  type FakeWire,
  fragments,
  someUsage,
  textOf,
} from './answer.ts';

/** OpenAI's chats: https://platform.openai.com/docs/api-reference/chat */
export const chatCompletions: FakeWire = {
  path: /\/chat\/completions$/,
  whole: completion,
  events: completionChunks,
  // The one that says why it is finished, the usage that was asked for, and the last one.
  lastEvents: (request) => (asksForUsage(request) ? 3 : 2),
};

export function openaiUsage(usage: FakeUsage | null = someUsage) {
  if (usage === null) return null;
  const { input, cacheRead, cacheWrite, output, reasoning } = usage;
  const prompt = input + (cacheRead ?? 0) + (cacheWrite ?? 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    ...((cacheRead ?? cacheWrite) === undefined
      ? {}
      : { prompt_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite } }),
    ...(reasoning === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

export function asksForUsage({ body }: FakeRequest): boolean {
  const options = body['stream_options'] as { readonly include_usage?: boolean } | undefined;
  return options?.include_usage === true;
}

function completionFrame({ extra }: FakeAnswer, { body }: FakeRequest, object: string) {
  const frame = { id: 'chatcmpl-fake', object, created: 1_790_000_000, model: body['model'] };
  return { ...frame, service_tier: 'default', system_fingerprint: 'fp_fake', ...extra };
}

function completionFinish(answer: FakeAnswer): string {
  return answer.finishReason ?? (answer.toolCalls ? 'tool_calls' : 'stop');
}

function completion(answer: FakeAnswer, request: FakeRequest) {
  const calls = callsOf(answer, 'call');
  const text = textOf(answer);
  const usage = openaiUsage(answer.usage);
  return {
    ...completionFrame(answer, request, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && calls.length > 0 ? null : text,
          refusal: null,
          ...(calls.length > 0 && {
            tool_calls: calls.map(({ id, name, text: json }) => ({
              id,
              type: 'function',
              function: { name, arguments: json },
            })),
          }),
        },
        logprobs: chatLogprobs(chunksOf(answer.text ?? ''), request),
        finish_reason: completionFinish(answer),
      },
    ],
    ...(usage && { usage }),
  };
}

/** Of each piece of text, as if it were one token; null where they are not asked for. */
function chatLogprobs(tokens: readonly string[], { body }: FakeRequest) {
  const some = { logprob: -0.25, bytes: null };
  const top = body['top_logprobs'] === 0 ? [] : [{ token: 'id', ...some }];
  const content = tokens.map((token) => ({ token, ...some, top_logprobs: top }));
  return body['logprobs'] === true ? { content, refusal: null } : null;
}

function completionChunks(answer: FakeAnswer, request: FakeRequest): string[] {
  const frame = completionFrame(answer, request, 'chat.completion.chunk');
  const hasUsage = asksForUsage(request);
  const whileOpen = hasUsage ? { usage: null } : {};
  const chunk = (delta: Readonly<Record<string, unknown>>, finish: string | null = null) =>
    event({
      ...frame,
      choices: [
        {
          index: 0,
          delta,
          logprobs: delta['content'] ? chatLogprobs([String(delta['content'])], request) : null,
          finish_reason: finish,
        },
      ],
      ...whileOpen,
      obfuscation: 'kQ3v',
    });
  const events = [chunk({ role: 'assistant', content: '', refusal: null })];
  for (const content of chunksOf(answer.text ?? '')) events.push(chunk({ content }));
  callsOf(answer, 'call').forEach(({ id, name, text }, index) => {
    const first = { index, id, type: 'function', function: { name, arguments: '' } };
    events.push(chunk({ tool_calls: [first] }));
    for (const part of fragments(text)) {
      events.push(chunk({ tool_calls: [{ index, function: { arguments: part } }] }));
    }
  });
  events.push(chunk({}, completionFinish(answer)));
  if (hasUsage) events.push(event({ ...frame, choices: [], usage: openaiUsage(answer.usage) }));
  events.push('data: [DONE]\n\n');
  return events;
}
