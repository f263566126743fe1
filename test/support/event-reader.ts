import type { Server } from './server.ts';

/** An event of a stream over the network. */
export interface ReadEvent {
  /** Undefined for an event that only this connection gets, such as the error that ends it. */
  readonly id: number | undefined;
  readonly type: string;
  readonly created_at: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into payloads whose shape they assert
  readonly payload: any;
}

/** How a stream ended: with its last event, with a request to come back, or with its connection. */
type StreamEnd = 'done' | 'to_be_continued' | 'cut_off';

/** A stream that is read as it comes. */
export interface EventReader {
  /** The events so far. */
  readonly events: readonly ReadEvent[];
  /** The number of the last event; 0 before the first one. */
  readonly last: number;
  readonly end: Promise<StreamEnd>;
}

/** Calls or continues with `stream: true`, and reads what comes. */
export function streamed(server: Server, path: string, body: object): Promise<EventReader> {
  const init = { method: 'POST', body: JSON.stringify({ ...body, stream: true }) };
  return readerOf(server.fetch(path, init));
}

/** Reads the events of a run, those after one that was read before. */
export function rejoined(server: Server, logId: string, last = 0): Promise<EventReader> {
  const headers = { 'x-api-key': server.key, 'last-event-id': `${last}` };
  return readerOf(server.fetch(`/v5/logs/${logId}/events`, { headers }));
}

async function readerOf(asked: Promise<Response>): Promise<EventReader> {
  const response = await asked;
  if (response.status !== 200) throw new Error(await response.text());
  const events: ReadEvent[] = [];
  return {
    events,
    get last() {
      return events.findLast(({ id }) => id !== undefined)?.id ?? 0;
    },
    end: readAll(response, events),
  };
}

async function readAll({ body }: Response, events: ReadEvent[]): Promise<StreamEnd> {
  let rest = '';
  let end: StreamEnd = 'cut_off';
  try {
    for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = `${rest}${text}`.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block === 'data: [DONE]') end = 'done';
        else if (block.startsWith('retry: ')) end = 'to_be_continued';
        else if (!block.startsWith(':')) events.push(eventOf(block));
      }
    }
    return end;
  } catch {
    return 'cut_off';
  }
}

function eventOf(block: string): ReadEvent {
  const [, id, data] = /^(?:id: (\d+)\n)?data: (.+)$/.exec(block) ?? [];
  if (!data) throw new Error(`This is no event: ${block}`);
  return { id: id === undefined ? undefined : Number(id), ...JSON.parse(data) };
}
