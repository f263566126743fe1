import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { question } from './agents.ts';
import type { Answer, ApiClient } from './api-client.ts';
import type { Figure } from './figure.ts';

/** The result of one call. */
export interface Asked extends Pick<Answer, 'status' | 'retryAfter'> {
  /** In the time of `performance.now()`. */
  readonly sentAt: number;
  readonly tookMs: number;
  /** The id of its log; undefined when the call failed. */
  readonly logId: string | undefined;
  /** The whole answer; undefined when the call succeeded. */
  readonly refusal: string | undefined;
}

/** Milliseconds that a client waits after a failure. */
const pauseMs = 100;

/** Calls an agent from a number of clients, whatever the answers, until it is stopped. */
export function startAsking(client: ApiClient, path: string, clients: number) {
  const body = JSON.stringify({ path, ...question });
  const asked: Asked[] = [];
  let isOver = false;
  const asking = Array.from({ length: clients }, async () => {
    while (!isOver) {
      const sentAt = performance.now();
      const { status, retryAfter, text } = await client.ask('/v5/agents/call', body);
      const tookMs = performance.now() - sentAt;
      const logId = status === 200 ? /"id":"(log_\w+)"/.exec(text)?.[1] : undefined;
      const refusal = status === 200 ? undefined : text;
      asked.push({ status, retryAfter, sentAt, tookMs, logId, refusal });
      if (status !== 200) await sleep(pauseMs);
    }
  });
  return {
    asked: asked as readonly Asked[],
    async stop(): Promise<readonly Asked[]> {
      isOver = true;
      await Promise.all(asking);
      return asked;
    },
  };
}

/** The failures other than a 503 with `Retry-After`; the first one is printed. */
export function otherFailures(asked: readonly Asked[]): Figure {
  const others = asked.filter(
    ({ status, retryAfter }) => status !== 200 && !(status === 503 && Number(retryAfter) > 0),
  );
  if (others[0]) console.error(others[0]);
  const what = 'refused otherwise than by 503 with Retry-After';
  return { what, value: others.length, unit: '', target: { atMost: 0 } };
}

/** Seconds from a moment until the answer of the first successful call that was sent after it. */
export function secondsUntilSuccess(asked: readonly Asked[], since: number): number {
  const ends = asked
    .filter(({ sentAt, status }) => sentAt > since && status === 200)
    .map(({ sentAt, tookMs }) => sentAt + tookMs - since);
  return ends.length === 0 ? Number.NaN : Math.min(...ends) / 1_000;
}

/** How many acknowledged logs are missing from the database or incomplete. */
export async function lostLogs(connection: ClientConfig, asked: readonly Asked[]): Promise<Figure> {
  const ids = asked.flatMap(({ logId }) => logId ?? []);
  const database = new Client(connection);
  await database.connect();
  const { rows } = await database.query<{ lost: number }>(
    `SELECT count(*)::int AS lost FROM (SELECT unnest($1::text[]) AS id
      EXCEPT SELECT id FROM log WHERE log_status = 'complete' AND error IS NULL) missing`,
    [ids],
  );
  await database.end();
  return {
    what: `of ${ids.length} acknowledged calls, not stored`,
    value: rows[0]?.lost ?? Number.NaN,
    unit: '',
    target: { atMost: 0 },
  };
}
