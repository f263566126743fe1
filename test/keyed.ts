import type { Answer, TestApp } from './app.ts';
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

/** Whether an answer says that its request was there before. */
export function isReplayed({ headers }: Answer): boolean {
  return headers['idempotent-replayed'] === 'true';
}
