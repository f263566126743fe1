import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { send } from './client.ts';

/** One event of a stream: its number, and the JSON after `data:`. */
export interface NumberedEvent<T> {
  readonly number: number;
  readonly event: T;
}

/**
 * Sends a request that is answered by server-sent events, and yields them as they come.
 *
 * @returns whether the stream said that it is complete (`[DONE]`). If not, it was broken off, and may be
 *   asked for again from its last number.
 * @throws ApiError for an answer that is not 2xx; what `fetch` throws when the line breaks.
 */
export async function* readEvents<T>(request: Request): AsyncGenerator<NumberedEvent<T>, boolean> {
  request.headers.set('accept', 'text/event-stream');
  const { body } = await send(request);
  if (!body) return false;
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => waiting.push(event) });
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (value) parser.feed(value);
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (next.data === '[DONE]') return true;
        yield { number: Number(next.id ?? 0), event: JSON.parse(next.data) as T };
      }
      if (done) return false;
    }
  } finally {
    // A reader that leaves early must not keep the connection open.
    await reader.cancel().catch(() => undefined);
  }
}
