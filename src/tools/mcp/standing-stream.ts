import type { Headers } from 'undici';
import type { JsonObject } from '../../kernel/json-object.ts';
import { longTurn } from '../../kernel/long-turns.ts';
import { messagesIn } from './mcp-messages.ts';
import { readEvents, type WireEvent } from './read-events.ts';
import type { Send } from './send.ts';

/**
 * The one stream of a server of revision 2024-11-05 ("HTTP with SSE"). All that the server says
 * comes on it; its first event says where messages go.
 */
export interface StandingStream {
  /** The address for messages, as the server wrote it: often a path. */
  readonly endpoint: string;
  /** Settles when nothing more can come. */
  readonly ended: Promise<void>;
}

interface Opening {
  readonly send: Send;
  readonly headers: Headers;
  /** Aborted when nobody waits for the stream to be opened any longer. */
  readonly signal: AbortSignal;
  /** Aborted when the connection is closed. */
  readonly closed: AbortSignal;
  /** The stream is broken off after so many events. */
  readonly mostEvents: number;
}

/**
 * @param take gets what the server says, until the stream ends.
 * @returns undefined when the server has no such stream.
 */
export async function openStandingStream(
  { send, headers, signal, closed, mostEvents }: Opening,
  take: (message: JsonObject) => void,
): Promise<StandingStream | undefined> {
  const givenUp = new AbortController();
  const giveUp = () => givenUp.abort(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const lasting = AbortSignal.any([closed, givenUp.signal]);
    const response = await send({ method: 'GET', headers, signal: lasting, isStanding: true });
    const events = response.ok && response.body ? readEvents(response.body) : undefined;
    const first = await events?.next();
    if (events && first?.value?.name === 'endpoint') {
      return { endpoint: first.value.data.trim(), ended: follow(events, mostEvents, take) };
    }
    await (events ? events.return(undefined) : response.body?.cancel());
    return undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

const eventsOfTurn = 100;

async function follow(
  events: AsyncGenerator<WireEvent>,
  mostEvents: number,
  take: (message: JsonObject) => void,
): Promise<void> {
  let read = 0;
  try {
    for await (const { data } of events) {
      for (const message of messagesIn(data)) take(message);
      read += 1;
      if (read === mostEvents) return;
      // Let others be answered: all that has arrived would be read in one go.
      if (read % eventsOfTurn === 0) await longTurn('messages of MCP servers');
    }
  } catch {
    // Whoever waits for an answer is told that there will be none.
  }
}
