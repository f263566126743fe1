import { type FakeAnswer, type FakeWire, someUsage } from './answer.ts';
import { chatCompletions } from './chat-completions.ts';
import { reasoned } from './reasoned.ts';

/** DeepSeek's chats: https://api-docs.deepseek.com/api/create-chat-completion */
export const deepseekChat: FakeWire = {
  path: /\/deepseek\/chat\/completions$/,
  whole: (answer, request) => {
    const body = reasoned(answer, 'reasoning_content').whole(request);
    return body['usage'] == null ? body : { ...body, usage: usageOf(answer) };
  },
  events(answer, request) {
    const events = reasoned(answer, 'reasoning_content').events(request);
    const own = events.map((event) => {
      if (!/"usage":\{/.test(event)) return event;
      const chunk = JSON.parse(event.slice('data: '.length));
      return `data: ${JSON.stringify({ ...chunk, usage: usageOf(answer) })}\n\n`;
    });
    // Sent while a request waits for its turn.
    return [': keep-alive\n\n', ...own];
  },
  lastEvents: chatCompletions.lastEvents,
};

function usageOf({ usage }: FakeAnswer) {
  const { input, cacheRead, output, reasoning } = usage ?? someUsage;
  const prompt = input + (cacheRead ?? 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    ...(cacheRead === undefined
      ? {}
      : { prompt_cache_hit_tokens: cacheRead, prompt_cache_miss_tokens: input }),
    ...(reasoning === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}
