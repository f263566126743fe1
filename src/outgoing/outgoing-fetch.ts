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
  /** Aborts the request, and also the reading of its answer. */
  readonly signal?: AbortSignal | undefined;
}

export interface OutgoingLimits {
  /** Milliseconds for the whole request, from the DNS lookup to the last byte. */
  readonly timeoutMs: number;
  /** The largest body of an answer, decompressed. */
  readonly mostBytes: number;
  /** The setting that has this limit, for the refusal. */
  readonly setting?: string;
}

/**
 * Makes a request to an address that a user chose.
 *
 * @returns the answer, with any status, as soon as its headers are there. Reading a body that is
 *   too long or too slow fails with an OutgoingRefusal.
 * @throws OutgoingRefusal when the address is not allowed or a limit is reached; the error of
 *   `fetch` when the connection breaks.
 */
export type OutgoingFetch = (
  url: string,
  request: OutgoingRequest,
  limits: OutgoingLimits,
) => Promise<Response>;

const mostRedirects = 5;

/** The only headers that are sent on to another origin: any other header may be a credential. */
const harmlessHeaders = ['accept', 'accept-language', 'content-type', 'user-agent'];

/**
 * A fetch that reaches only the public internet and the hosts that the operator allows. It checks
 * the address of every connection, including those after redirects.
 */
export function outgoingFetch(allowed: AllowedHosts, resolve?: Resolve): OutgoingFetch {
  const dispatcher = vettedAgent(allowed, resolve);

  return async (text, request, limits) => {
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    const failure = (error: unknown) =>
      timeout.aborted && !request.signal?.aborted
        ? tookTooLong(limits.timeoutMs)
        : findRefusal(error);
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
      const target = redirectTarget(response, url);
      if (!target) return limitBody(response, limits, failure);
      await response.body?.cancel();
      if (redirects === mostRedirects) throw tooManyRedirects(mostRedirects);
      if (becomesGet(response.status, method)) {
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

/** The address that an answer redirects to; undefined when it is no redirect. */
function redirectTarget({ status, headers }: UndiciResponse, from: URL): URL | undefined {
  const location = headers.get('location');
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return undefined;
  const to = URL.parse(location, from.href);
  const url = readWebUrl(to?.href ?? '');
  if (typeof url === 'string') throw redirectRefused(url);
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw redirectRefused('It goes from `https` to `http`.');
  }
  return url;
}

/** Whether a redirect turns the request into a GET, by the same rule as in browsers. */
function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}

function without(headers: Headers, isLeftOut: (name: string) => boolean): Headers {
  return new Headers([...headers].filter(([name]) => !isLeftOut(name)));
}

/** The answer, with a body that fails when it exceeds the limit or takes too long. */
function limitBody(
  response: UndiciResponse,
  { mostBytes, setting }: Pick<OutgoingLimits, 'mostBytes' | 'setting'>,
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
        controller.error(answerTooLong(mostBytes, setting));
      } catch (error) {
        controller.error(failure(error));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(stream, { status, statusText, headers });
}

/** The OutgoingRefusal behind an error, if there is one; `fetch` hides it as a cause. */
function findRefusal(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutgoingRefusal) return cause;
  }
  return error;
}
