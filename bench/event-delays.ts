import { Pool } from 'undici';
import { question } from './agents.ts';
import type { Server } from './server.ts';

/** Many open streams of calls, read as they arrive. */
export interface OpenStreams {
  /**
   * Milliseconds from the creation of each event to its arrival, for the events since the last
   * call.
   */
  takeDelays(): readonly number[];
  close(): Promise<void>;
}

/** How many clients open streams at once. */
const openers = 64;

/** Opens a number of streams of an agent; resolves when each has received its first event. */
export async function openStreams(
  { url, key }: Pick<Server, 'url' | 'key'>,
  path: string,
  count: number,
): Promise<OpenStreams> {
  const pool = new Pool(url, { connections: count, pipelining: 1, bodyTimeout: 0 });
  const headers = { 'x-api-key': key, 'content-type': 'application/json' };
  const body = JSON.stringify({ path, ...question, stream: true });
  const leaving = new AbortController();
  let delays: number[] = [];

  async function open(): Promise<void> {
    const response = await pool.request({
      method: 'POST',
      path: '/v5/agents/call',
      headers,
      body,
      signal: leaving.signal,
    });
    if (response.statusCode !== 200) throw new Error(await response.body.text());
    await new Promise<void>((resolve, reject) => {
      response.body.on('error', reject).on('data', (chunk: Buffer) => {
        const now = Date.now();
        for (const [, at] of chunk.toString('latin1').matchAll(createdAt)) {
          delays.push(now - Date.parse(at as string));
        }
        resolve();
      });
    });
  }

  let left = count;
  await Promise.all(
    Array.from({ length: openers }, async () => {
      while (left-- > 0) await open();
    }),
  );
  return {
    takeDelays() {
      const taken = delays;
      delays = [];
      return taken;
    },
    async close() {
      leaving.abort();
      await pool.destroy();
    },
  };
}

/** The time of an event in milliseconds, by the clock that this process uses too. */
const createdAt = /"created_at":"([^"]+)"\}\n/g;
