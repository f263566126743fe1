import { Headers, type Response as UndiciResponse, fetch as undiciFetch } from 'undici';
import { readWebUrl } from '../kernel/web-url.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import {
  answerTooLong,
  OutgoingRefusal,
  redirectRefused,
  tookTooLong,
  tooManyRedirects,
  urlRefused,
} from './errors.ts';
import { type Resolve, vettedAgent } from './vetted-agent.ts';

/** A request to an address that a user chose. */
export interface OutgoingRequest {
  readonly method?: string | undefined;
  readonly headers?: Headers | undefined;
  readonly body?: string | undefined;
  /** Gives the request up, and its answer while it is read. */
  readonly signal?: AbortSignal | undefined;
}

export interface OutgoingLimits {
  /** Milliseconds for all of a request, from the first look-up to the last byte. */
  readonly timeoutMs: number;
  /** Of an answer's body, unpacked. */
  readonly mostBytes: number;
}

/**
 * Makes a request to an address that a user chose.
 *
 * @returns the answer, of whatever status, once its head is there; reading a body that is too long or
 *   takes too long fails with an OutgoingRefusal.
 * @throws OutgoingRefusal when the address is not allowed or the limits are reached; what `fetch`
 *   throws when the connection breaks.
 */
export type OutgoingFetch = (
  url: string,
  request: OutgoingRequest,
  limits: OutgoingLimits,
) => Promise<Response>;

const mostRedirects = 5;

/** What goes along to another origin: anything else may be a credential, whatever its name. */
const harmlessHeaders = ['accept', 'accept-language', 'content-type', 'user-agent'];

/**
 * Requests that reach the public internet and the places that the operator allows, and nothing else:
 * the address of every connection is vetted, those of redirects too.
 */
export function outgoingFetch(allowed: AllowedHosts, resolve?: Resolve): OutgoingFetch {
  const dispatcher = vettedAgent(allowed, resolve);

  return async (text, request, limits) => {
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    const failure = (error: unknown) =>
      timeout.aborted && !request.signal?.aborted
        ? tookTooLong(limits.timeoutMs)
        : refusalIn(error);
    let url = requireWebUrl(text);
    let { method = 'GET', headers = new Headers(), body } = request;
    for (let redirects = 0; ; redirects++) {
      let response: UndiciResponse;
      try {
        response = await undiciFetch(url, {
          method,
          headers,
          body: body ?? null,
          redirect: 'manual',
          signal,
          dispatcher,
        });
      } catch (error) {
        throw failure(error);
      }
      const target = redirectOf(response, url);
      if (!target) return capped(response, limits.mostBytes, failure);
      await response.body?.cancel();
      if (redirects === mostRedirects) throw tooManyRedirects(mostRedirects);
      if (losesBody(response.status, method)) {
        method = 'GET';
        body = undefined;
        headers = without(headers, (name) => name.startsWith('content-'));
      }
      if (target.origin !== url.origin) {
        headers = without(headers, (name) => !harmlessHeaders.includes(name));
      }
      url = target;
    }
  };
}

function requireWebUrl(text: string): URL {
  const url = readWebUrl(text);
  if (typeof url === 'string') throw urlRefused(url);
  return url;
}

/** Where an answer sends its reader; undefined when it is the answer itself. */
function redirectOf({ status, headers }: UndiciResponse, from: URL): URL | undefined {
  const location = headers.get('location');
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return undefined;
  const to = URL.parse(location, from.href);
  const url = readWebUrl(to?.href ?? '');
  if (typeof url === 'string') throw redirectRefused(url);
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw redirectRefused('It leads from `https` to `http`.');
  }
  return url;
}

/** Whether a redirect makes a GET of a request, as browsers have it. */
function losesBody(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}

function without(headers: Headers, isLeftOut: (name: string) => boolean): Headers {
  return new Headers([...headers].filter(([name]) => !isLeftOut(name)));
}

/** An answer whose body fails when it is longer than allowed, or does not come in time. */
function capped(
  response: UndiciResponse,
  mostBytes: number,
  failure: (error: unknown) => unknown,
): Response {
  const { status, statusText, body } = response;
  const headers = [...response.headers];
  if (!body) return new Response(null, { status, statusText, headers });
  const reader = body.getReader();
  let read = 0;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        read += value.byteLength;
        if (read <= mostBytes) return controller.enqueue(value);
        await reader.cancel();
        controller.error(answerTooLong(mostBytes));
      } catch (error) {
        controller.error(failure(error));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(stream, { status, statusText, headers });
}

/** What refused a request, where something did; `fetch` hides it as a cause. */
function refusalIn(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutgoingRefusal) return cause;
  }
  return error;
}
