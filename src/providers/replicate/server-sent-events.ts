/** One event of a stream, with its data lines joined. */
export interface ServerSentEvent {
  /** `message` when the stream does not name a type. */
  readonly type: string;
  readonly data: string;
}

/**
 * Reads a stream of events by the rules of
 * https://html.spec.whatwg.org/multipage/server-sent-events.html: text after the last empty line is
 * not an event.
 */
export async function* serverSentEvents(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let type = '';
  let data: string[] = [];
  for await (const piece of stream) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.map((text) => text.replace(/\r$/, ''))) {
      if (line === '') {
        if (type !== '' || data.length > 0)
          yield { type: type || 'message', data: data.join('\n') };
        type = '';
        data = [];
        continue;
      }
      const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (field === 'event') type = value;
      else if (field === 'data') data.push(value);
    }
  }
}
