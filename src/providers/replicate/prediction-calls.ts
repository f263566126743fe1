import { isRecord } from '../../kernel/json-object.ts';
import type { AttemptOptions } from '../provider.ts';
import { type Recording, recordingFetch } from '../recording-fetch.ts';
import { Nonsense, vendorFailure } from '../vendor-failure.ts';

/** A prediction as Replicate describes it: https://replicate.com/docs/reference/http. */
export interface Prediction {
  readonly id: string;
  readonly status: string;
  readonly [field: string]: unknown;
}

/** The HTTP requests of one model call. */
export interface PredictionCalls {
  /** Starts a prediction. Without `stream` the request waits for its end, for up to a minute. */
  create(address: string, body: object, stream: boolean): Promise<Prediction>;
  get(id: string): Promise<Prediction>;
  /** The events of a prediction, from the URL that the prediction names. */
  events(url: string): Promise<AsyncIterable<Uint8Array>>;
  /** Asks Replicate to end the prediction. A failure is ignored. */
  cancel(id: string): void;
  /** The body that started the prediction. */
  request(): unknown;
  /** The failure of the call, judged by the last request. */
  failure(error: unknown): Error;
  close(isDone: boolean): void;
}

/** Milliseconds for a request that ends a prediction; nobody waits for it. */
const CANCEL_WITHIN_MS = 5_000;

const lastEvent = /(?:^|\n)event: ?done\r?\n(?:[^\r\n]+\r?\n)*\r?\n/;

export function predictionCalls(
  title: string,
  baseUrl: string,
  key: string,
  { signal, bounds, onRequest, onActivity }: Omit<AttemptOptions, 'apiKey'>,
): PredictionCalls {
  const authorization = { authorization: `Bearer ${key}` };
  const options = { signal, bounds, other: {}, stream: false, onActivity };
  const recordings: Recording[] = [];

  function recording(more: { readonly stream?: boolean; readonly streamEnd?: RegExp } = {}) {
    const isFirst = recordings.length === 0;
    const next = recordingFetch({ ...options, ...more, ...(isFirst && { onRequest }) });
    next.request = recordings[0]?.request;
    recordings.push(next);
    return next;
  }

  async function prediction(next: Recording, path: string, init: RequestInit): Promise<Prediction> {
    const { ok } = await next.fetch(`${baseUrl}/${path}`, init);
    if (!ok) throw vendorFailure(title, next, undefined);
    const { response } = next;
    if (!isRecord(response)) throw new Nonsense('sent an answer that cannot be read.');
    const { id, status } = response;
    if (typeof id !== 'string' || !/^[\w-]+$/.test(id) || typeof status !== 'string') {
      throw new Nonsense('sent an answer that cannot be read.');
    }
    return { ...response, id, status };
  }

  return {
    create: (address, body, stream) =>
      prediction(recording(), address, {
        method: 'POST',
        headers: {
          ...authorization,
          'content-type': 'application/json',
          ...(stream ? {} : { prefer: 'wait' }),
        },
        body: JSON.stringify(body),
      }),
    get: (id) =>
      prediction(recording(), `predictions/${id}`, { method: 'GET', headers: authorization }),
    async events(url) {
      const next = recording({ stream: true, streamEnd: lastEvent });
      // The URL itself grants access, and the key must not be sent to another server.
      const response = await next.fetch(url, {
        method: 'GET',
        headers: { accept: 'text/event-stream', 'cache-control': 'no-store' },
      });
      if (!response.ok) throw vendorFailure(title, next, undefined);
      return response.body ?? new ReadableStream();
    },
    cancel(id) {
      const apart = recordingFetch({
        ...options,
        onActivity: undefined,
        signal: AbortSignal.timeout(CANCEL_WITHIN_MS),
      });
      apart
        .fetch(`${baseUrl}/predictions/${id}/cancel`, {
          method: 'POST',
          headers: { ...authorization, 'content-type': 'application/json' },
          body: '{}',
        })
        .then(
          () => apart.close(true),
          () => apart.close(false),
        );
    },
    request: () => recordings[0]?.request,
    failure: (error) => vendorFailure(title, recordings.at(-1) ?? recording(), error),
    close(isDone) {
      for (const each of recordings) each.close(isDone);
    },
  };
}
