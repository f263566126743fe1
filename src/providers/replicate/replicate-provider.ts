import { setTimeout } from 'node:timers/promises';
import { usableKey, withoutOurs } from '../call-inputs.ts';
import { modelInPath } from '../model-in-path.ts';
import {
  type AttemptOptions,
  type ModelAnswer,
  type ModelEvent,
  type ModelRequest,
  type Provider,
  ProviderFailure,
} from '../provider.ts';
import { tokenCount } from '../token-count.ts';
import { isRecord, Nonsense } from '../vendor-failure.ts';
import { type Prediction, type PredictionCalls, predictionCalls } from './prediction-calls.ts';
import { predictionInput } from './prediction-input.ts';
import { serverSentEvents } from './server-sent-events.ts';

const title = 'Replicate';

/** How often a prediction is looked at that is not done in the minute that its start waits. */
const POLL_EVERY_MS = 500;

/**
 * The language models of Replicate, by its predictions: a text goes in, a text comes out.
 *
 * @param options.baseUrl what `/predictions` is added to; undefined: Replicate's own.
 */
export function replicateProvider(options: {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}): Provider {
  const baseUrl = (options.baseUrl ?? 'https://api.replicate.com/v1').replace(/\/+$/, '');
  return {
    title,
    needsKey: true,
    apiKey: options.apiKey,
    attempt: (request, attempted) => attempt(baseUrl, request, attempted),
  };
}

async function* attempt(
  baseUrl: string,
  request: ModelRequest,
  options: AttemptOptions,
): AsyncGenerator<ModelEvent, ModelAnswer> {
  const { signal } = options;
  signal.throwIfAborted();
  const key = usableKey(title, options.apiKey);
  const { other, warnings } = withoutOurs(request.other);
  const calls = predictionCalls(title, baseUrl, key, options);
  let begun: Prediction | undefined;
  let isDone = false;
  try {
    const made = predictionInput(request, other, title);
    const { address, version } = placeOf(request.model);
    const body = { ...(version && { version }), input: made.input, stream: request.stream };
    begun = await calls.create(address, body, request.stream);
    const text = yield* streamed(calls, begun, request.stream);
    const prediction = await ended(calls, begun, signal);
    isDone = true;
    const content = outputOf(prediction) ?? text;
    if (content === '' && prediction['output'] == null) {
      throw new Nonsense('sent an answer with nothing in it.', prediction);
    }
    if (text === '' && request.stream && content !== '') yield { type: 'text', delta: content };
    return {
      message: { role: 'assistant', content },
      finishReason: prediction.status,
      usage: {
        inputTokens: tokenCount(prediction, 'metrics', 'input_token_count'),
        cacheReadTokens: null,
        cacheWriteTokens: null,
        outputTokens: tokenCount(prediction, 'metrics', 'output_token_count'),
        reasoningTokens: null,
      },
      providerRequest: calls.request(),
      providerResponse: prediction,
      warnings: [...warnings, ...made.warnings],
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof ProviderFailure ? error : calls.failure(error);
  } finally {
    if (!isDone && begun !== undefined) calls.cancel(begun.id);
    calls.close(isDone);
  }
}

/** `owner/name`, `owner/name:version`, or a version alone, which is 64 hex digits. */
function placeOf(model: string): { readonly address: string; readonly version?: string } {
  const name = modelInPath(model);
  const [, version] = /(?:^|:)([\da-f]{64})$/.exec(name) ?? [];
  return version === undefined
    ? { address: `models/${name}/predictions` }
    : { address: 'predictions', version };
}

/** Yields a prediction's output as it comes; gives what came, which is '' when there is no stream. */
async function* streamed(
  calls: PredictionCalls,
  prediction: Prediction,
  isWanted: boolean,
): AsyncGenerator<ModelEvent, string> {
  const { urls } = prediction;
  const url = isRecord(urls) ? urls['stream'] : undefined;
  if (!isWanted || typeof url !== 'string') return '';
  let text = '';
  for await (const { type, data } of serverSentEvents(await calls.events(url))) {
    if (type === 'done') return text;
    if (type === 'error') throw failed(calls, saidIn(data), data);
    if (type !== 'output' || data === '') continue;
    text += data;
    yield { type: 'text', delta: data };
  }
  throw new Nonsense('ended its answer before it was finished.', text);
}

/** An error event has words, or JSON with them. */
function saidIn(data: string): string {
  try {
    const body: unknown = JSON.parse(data);
    return isRecord(body) ? String(body['detail'] ?? body['error'] ?? data) : data;
  } catch {
    return data;
  }
}

async function ended(
  calls: PredictionCalls,
  begun: Prediction,
  signal: AbortSignal,
): Promise<Prediction> {
  let prediction = begun;
  for (let looks = 0; isUnderWay(prediction); looks++) {
    if (looks > 0) await setTimeout(POLL_EVERY_MS, undefined, { signal });
    prediction = await calls.get(begun.id);
  }
  if (prediction.status === 'succeeded' || prediction.status === 'successful') return prediction;
  const { error } = prediction;
  const message = typeof error === 'string' ? error : `the prediction is \`${prediction.status}\`.`;
  throw failed(calls, message, prediction);
}

/** A failure that Replicate told of itself: of the model, or of the machine that it ran on. */
function failed({ request }: PredictionCalls, said: string, providerResponse: unknown) {
  return new ProviderFailure('unavailable', `${title} answered with an error: ${said}`, {
    origin: title,
    providerRequest: request(),
    providerResponse,
  });
}

function isUnderWay({ status }: Prediction): boolean {
  return status === 'starting' || status === 'processing';
}

/** A language model's output: a text, or a list of pieces of one. */
function outputOf({ output }: Prediction): string | undefined {
  if (typeof output === 'string') return output;
  if (Array.isArray(output)) return output.map((piece) => textOf(piece)).join('');
  return output == null ? undefined : textOf(output);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
