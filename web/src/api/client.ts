import createClient from 'openapi-fetch';
import { refusal } from './api-error.ts';
import { readAnswer } from './exact-answer.ts';
import type { paths } from './schema.gen.ts';
import { signedInAgain } from './session-end.ts';

/**
 * Our own API, typed by our own document. A call throws an ApiError for an answer that is not 2xx, so
 * `data` is there when it returns; {@link answered} says so to the compiler.
 */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: send });

/** The answer of a call, which there is when it returns. */
export function answered<T>({ data }: { readonly data?: T }): T {
  return data as T;
}

/** Reads JSON from a path with its query. @throws ApiError */
export async function readJson<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await send(new Request(new URL(path, location.origin), init));
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Reads an answer as the text that came, in which numbers stand as the server wrote them. @throws ApiError */
export async function readText(path: string, init?: RequestInit): Promise<string> {
  return (await send(new Request(new URL(path, location.origin), init))).text();
}

/**
 * Reads an answer with somebody's values in it, whose numbers stay as they were written: they are shown,
 * and may be sent again.
 *
 * @throws ApiError
 */
export async function readExact<T>(path: string, init?: RequestInit): Promise<T> {
  return readAnswer(await readText(path, init)) as T;
}

/** Sends JSON. @throws ApiError */
export function sendJson<T>(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<T> {
  return readJson<T>(path, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
}

/**
 * Sends a request; the browser adds the cookie of the session. If that has ended, the request waits until
 * the reader has signed in again, and is sent once more: nothing was done for it.
 *
 * @throws ApiError for an answer that is not 2xx.
 */
export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  if (response.ok) return response;
  const error = await refusal(response);
  if (error.code === 'unauthenticated' && (await signedInAgain())) return send(again);
  throw error;
}
