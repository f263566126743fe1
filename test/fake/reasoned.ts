import type { FakeAnswer, FakeRequest } from './answer.ts';
import { chatCompletions } from './chat-completions.ts';

type Body = Record<string, unknown>;

/** An answer of chat completions with its reasoning under a name of the vendor's. */
export function reasoned(answer: FakeAnswer, field: string) {
  const texts = (answer.thinking ?? []).flatMap((part) =>
    'thinking' in part ? [part.thinking] : [],
  );
  return {
    whole(request: FakeRequest): Body {
      const body = chatCompletions.whole(answer, request) as Body;
      if (texts.length === 0) return body;
      const [choice] = body['choices'] as [{ readonly message: object }];
      const message = { ...choice.message, [field]: texts.join('') };
      return { ...body, choices: [{ ...choice, message }] };
    },
    events(request: FakeRequest): string[] {
      const [first = '', ...rest] = chatCompletions.events(answer, request) as string[];
      const chunk = JSON.parse(first.slice('data: '.length));
      const thoughts = texts.map((text) => {
        const choices = [{ ...chunk.choices[0], delta: { [field]: text } }];
        return `data: ${JSON.stringify({ ...chunk, choices })}\n\n`;
      });
      return [first, ...thoughts, ...rest];
    },
  };
}
