import type { FakeAnswer, FakeWire } from './answer.ts';
import { chatCompletions, openaiUsage } from './chat-completions.ts';
import { reasoned } from './reasoned.ts';

/** Groq's chats: https://console.groq.com/docs/api-reference. In a stream, usage is in `x_groq`. */
export const groqChat: FakeWire = {
  path: /\/openai\/v1\/chat\/completions$/,
  whole: (answer, request) => ({
    ...reasoned(answer, 'reasoning').whole(request),
    x_groq: { id: 'req_fake' },
  }),
  events(answer, request) {
    const events = reasoned(withoutUsage(answer), 'reasoning').events(request);
    const usage = openaiUsage(answer.usage);
    const last = events.findLastIndex((event) => event.includes('"finish_reason":"'));
    return events.map((event, index) => {
      if (index !== last) return event;
      const chunk = JSON.parse(event.slice('data: '.length));
      const beside = { id: 'req_fake', ...(usage && { usage }) };
      return `data: ${JSON.stringify({ ...chunk, x_groq: beside })}\n\n`;
    });
  },
  lastEvents: chatCompletions.lastEvents,
};

function withoutUsage(answer: FakeAnswer): FakeAnswer {
  return { ...answer, usage: null };
}
