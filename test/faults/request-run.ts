import { setTimeout as sleep } from 'node:timers/promises';
import { isToRepeat, send, someServer, toReply } from './requests.ts';
import type { Session } from './session.ts';
import { readStream, StreamReader } from './stream-reader.ts';

/** A call or a continue. */
export interface RunRequest {
  readonly path: string;
  readonly body: object;
  /** The `Idempotency-Key`, if the request has one. */
  readonly key?: string | undefined;
}

/** Sends a request in the client's manner, and waits until the run rests. */
export async function requestRun(session: Session, request: RunRequest): Promise<void> {
  const { manner } = session.script;
  if (manner === 'stream') return streamRun(session, request);
  const asked = {
    method: 'POST' as const,
    path: request.path,
    body: { ...request.body, stream: false },
    headers: {
      ...(manner === 'async' ? { prefer: 'respond-async' } : {}),
      ...keyHeader(request.key),
    },
  };
  const reply = await session.ask(asked);
  if (request.key !== undefined) session.keep(asked, reply);
  await session.take(reply, reply.attempts > 1);
}

export function keyHeader(key: string | undefined): Readonly<Record<string, string>> {
  return key === undefined ? {} : { 'idempotency-key': key };
}

async function streamRun(session: Session, { path, body, key }: RunRequest): Promise<void> {
  const { world, tally, story } = session;
  const reader = callersReader(session);
  const from = reader.last;
  for (let attempt = 0; ; attempt++) {
    // Repeating the call would make the deleted log again.
    if (story.deletion !== 'none') return session.poll();
    const url = await someServer(world, session.next());
    if (path.endsWith('/call')) story.calls += 1;
    const response = await send(url, {
      method: 'POST',
      path,
      body: { ...body, stream: true },
      headers: keyHeader(key),
    });
    if (response?.status === 200) {
      const end = await readStream(response, (event) => {
        reader.take(event);
        return true;
      });
      if (end === 'done') {
        reader.requireRest();
        break;
      }
      if (reader.last > from) {
        tally.add('streams rejoined');
        if (story.save) await reader.follow(session.next(), session.dice);
        break;
      }
    } else if (response && !isToRepeat(response.status)) {
      const text = await response.text().catch(() => undefined);
      if (text !== undefined) return session.take(toReply(response, text), attempt > 0);
    }
    tally.add('requests whose connection broke');
    if (attempt > 300) throw new Error(`${path} had no stream for a minute.`);
    await sleep(100);
  }
  await session.poll();
}

function callersReader({ world, tally, story }: Session): StreamReader {
  const before = story.readers.find(({ isOfCaller }) => isOfCaller);
  if (before) return before;
  const reader = new StreamReader(world, tally, story, true);
  story.readers.push(reader);
  return reader;
}
