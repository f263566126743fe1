import { type Answer, eventsOf, piecesOf, type TestApp } from './app.ts';
import { send } from './refusals.ts';

/** Sends a request below `/v5` with an `Idempotency-Key`. */
export function sendKeyed(
  api: Pick<TestApp, 'app'>,
  key: string,
  method: 'POST' | 'PATCH' | 'DELETE',
  url: string,
  body?: unknown,
): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return send(api, method, `/v5${url}`, text, { 'idempotency-key': key });
}

/** Whether an answer is a replay: the server had answered a request with this key before. */
export function isReplayed({ headers }: Answer): boolean {
  return headers['idempotent-replayed'] === 'true';
}

const counters = ['version_logs_count', 'total_logs_count', 'last_used_at'];

/** A body, or the events of a stream, without counters: those change a moment after a log is made. */
export function withoutCounters(body: Answer['body']): unknown {
  const told = typeof body === 'string' && body !== '' ? toldBy(body) : body;
  return JSON.parse(JSON.stringify(told), (name, value) =>
    counters.includes(name) ? undefined : value,
  );
}

function toldBy(stream: string): readonly unknown[] {
  return stream.startsWith('data: ') ? piecesOf(stream) : eventsOf(stream);
}
