import { setTimeout as sleep } from 'node:timers/promises';
import { apiKey } from './servers.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** A request of a client. */
export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer with its whole body. */
export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
  readonly body: any;
  /** True: the answer says that it was given before, to an equal request with its key. */
  readonly isReplay: boolean;
}

/** An answer, and the number of attempts that it took. */
export type Answered = Reply & { readonly attempts: number };

/** Milliseconds after which a request without an answer counts as lost. */
const requestTimeoutMs = 30_000;
/** Milliseconds for which a client repeats a request. */
export const patienceMs = 60_000;

/** The URL of a running server: the preferred one, or the next one that runs. */
export async function someServer({ slots }: World, preferred: number): Promise<string> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    for (let next = 0; next < slots.length; next++) {
      const url = slots[(preferred + next) % slots.length]?.url;
      if (url !== undefined) return url;
    }
    if (performance.now() > giveUpAt) throw new Error('No server has run for a minute.');
    await sleep(20);
  }
}

/** Sends a request; undefined when the connection broke before an answer. */
export async function send(url: string, ask: Ask): Promise<Response | undefined> {
  const { method = 'GET', path, body, headers } = ask;
  return fetch(`${url}${path}`, {
    method,
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(requestTimeoutMs),
  }).catch(() => undefined);
}

/** Sends a request and reads the answer; undefined when the connection broke. */
export async function ask(url: string, asked: Ask): Promise<Reply | undefined> {
  const response = await send(url, asked);
  if (!response) return undefined;
  const text = await response.text().catch(() => undefined);
  if (text === undefined) return undefined;
  return toReply(response, text);
}

/** An answer whose body has been read. */
export function toReply({ status, headers }: Response, text: string): Reply {
  const isReplay = headers.get('idempotent-replayed') === 'true';
  return { status, isReplay, body: text === '' ? undefined : JSON.parse(text) };
}

/** Whether a status tells the client to repeat its request. */
export function isToRepeat(status: number): boolean {
  return status === 503;
}

/**
 * Repeats a request, each time at the next server, until an answer need not be repeated.
 *
 * @param asked the request, or a function that returns it for each attempt.
 * @throws Error when there is no such answer within a minute.
 */
export async function persist(
  world: World,
  tally: Tally,
  preferred: number,
  asked: Ask | (() => Ask),
): Promise<Answered> {
  const giveUpAt = performance.now() + patienceMs;
  for (let attempts = 1; ; attempts++) {
    const url = await someServer(world, preferred + attempts - 1);
    const sent = typeof asked === 'function' ? asked() : asked;
    const reply = await ask(url, sent);
    if (reply && !isToRepeat(reply.status)) return { ...reply, attempts };
    tally.add(reply ? 'requests told to come back' : 'requests whose connection broke');
    if (performance.now() > giveUpAt) {
      throw new Error(
        `${sent.path} had no answer for a minute; the last was ${JSON.stringify(reply)}.`,
      );
    }
    await sleep(100);
  }
}
