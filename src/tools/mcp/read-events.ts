/** A part of an answer: an event of a stream, or a whole body that is JSON. */
export interface WireEvent {
  /** What kind of event it is, if it is of any. */
  readonly name?: string;
  /** From where a broken stream can be taken up again. */
  readonly id?: string;
  /** How many milliseconds to wait before that. */
  readonly retryMs?: number;
  readonly data: string;
}

/**
 * Reads the body of an answer. Whether it is JSON or a stream of events, its first character says:
 * servers and the gateways before them often send the wrong content type. A stream may end without
 * the empty line after its last event.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<WireEvent> {
  const json: string[] = [];
  let event: Partial<WireEvent> = {};
  let isFirst = true;
  for await (const line of linesOf(body)) {
    if (json.length > 0 || (isFirst && /^\s*[[{]/.test(line))) {
      json.push(line);
    } else if (line === '') {
      if (Object.keys(event).length > 0) yield { data: '', ...event };
      event = {};
    } else {
      event = { ...event, ...fieldOf(line, event.data) };
    }
    isFirst &&= line.trim() === '';
  }
  if (json.length > 0) yield { data: json.join('\n') };
  else if (Object.keys(event).length > 0) yield { data: '', ...event };
}

/** @param data what the event has so far. */
function fieldOf(line: string, data: string | undefined): Partial<WireEvent> {
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  switch (name) {
    case 'id':
      return { id: value };
    case 'event':
      return { name: value };
    case 'retry':
      return /^\d+$/.test(value) ? { retryMs: Number(value) } : {};
    case 'data':
      return { data: data === undefined ? value : `${data}\n${value}` };
    default:
      return {};
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let pieces: string[] = [];
  for await (const text of decoded(body)) {
    pieces.push(text);
    // A long line comes in many pieces: joining them each time would take quadratic time.
    if (!/[\r\n]/.test(text) && !pieces.at(-2)?.endsWith('\r')) continue;
    // A `\r` at the end may be half of `\r\n`.
    const lines = pieces.join('').split(/\r\n|\n|\r(?!$)/);
    pieces = [lines.pop() ?? ''];
    yield* lines;
  }
  const last = pieces.join('');
  if (last !== '') yield* last.split(/\r/);
}

async function* decoded(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  // The decoder takes a byte order mark off.
  const decoder = new TextDecoder();
  for await (const bytes of body) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}
