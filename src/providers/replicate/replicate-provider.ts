import { setTimeout } from 'node:timers/promises';
import { isRecord } from '../../kernel/json-object.ts';
import { withoutSlashes } from '../../kernel/slashes.ts';
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
import { Nonsense } from '../vendor-failure.ts';
import { type Prediction, type PredictionCalls, predictionCalls } from './prediction-calls.ts';
import { predictionInput } from './prediction-input.ts';
import { serverSentEvents } from './server-sent-events.ts';

const title = 'Replicate';

/** How often an unfinished prediction is polled, after the minute that its first request waits. */
const POLL_EVERY_MS = 500;

/**
 * The language models of Replicate, through its predictions: the input and the output are texts.
 *
 * @param options.baseUrl `/predictions` is appended to it; undefined: Replicate's own.
 */
export function replicateProvider(options: {
  readonly apiKey: string | undefined;
  readonly baseUrl: string | undefined;
}): Provider {
  const baseUrl = withoutSlashes(options.baseUrl ?? 'https://api.replicate.com/v1');
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
    const { address, version } = predictionTarget(request.model);
    const body = { ...(version && { version }), input: made.input, stream: request.stream };
    begun = await calls.create(address, body, request.stream);
    const { text, isWhole } = yield* streamed(calls, begun, request.stream, signal);
    const prediction = await ended(calls, begun, { signal, mayWait: isWhole });
    isDone = true;
    const content = outputText(prediction) ?? text;
    if (!content.startsWith(text)) {
      throw new Nonsense('sent an answer whose text differs from the pieces of it.', prediction);
    }
    if (content === '' && prediction['output'] == null) {
      throw new Nonsense('sent an answer with nothing in it.', prediction);
    }
    const rest = content.slice(text.length);
    if (request.stream && rest !== '') yield { type: 'text', delta: rest };
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

/**
 * Where to send a prediction for `owner/name`, `owner/name:version`, or a bare version, which is 64
 * hex digits.
 */
function predictionTarget(model: string): { readonly address: string; readonly version?: string } {
  const name = modelInPath(model);
  const [, version] = /(?:^|:)([\da-f]{64})$/.exec(name) ?? [];
  return version === undefined
    ? { address: `models/${name}/predictions` }
    : { address: 'predictions', version };
}

/**
 * Yields the output of a prediction as it arrives; returns what came, or '' without a stream, and
 * whether its end came.
 */
async function* streamed(
  calls: PredictionCalls,
  prediction: Prediction,
  isWanted: boolean,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, { readonly text: string; readonly isWhole: boolean }> {
  const { urls } = prediction;
  const url = isRecord(urls) ? urls['stream'] : undefined;
  if (!isWanted || typeof url !== 'string') return { text: '', isWhole: true };
  let text = '';
  try {
    for await (const { type, data } of serverSentEvents(await calls.events(url))) {
      if (type === 'done') return { text, isWhole: true };
      if (type === 'error') throw failed(calls, errorMessage(data), data);
      if (type !== 'output' || data === '') continue;
      text += data;
      yield { type: 'text', delta: data };
    }
  } catch (error) {
    if (signal.aborted || error instanceof ProviderFailure) throw error;
  }
  return { text, isWhole: false };
}

/** The message of an error event: plain text, or JSON that contains it. */
function errorMessage(data: string): string {
  try {
    const body: unknown = JSON.parse(data);
    return isRecord(body) ? String(body['detail'] ?? body['error'] ?? data) : data;
  } catch {
    return data;
  }
}

/**
 * The prediction when it has ended. One whose stream broke off has mostly ended, too.
 *
 * @param mayWait false: it fails when it is still under way.
 */
async function ended(
  calls: PredictionCalls,
  begun: Prediction,
  { signal, mayWait }: { readonly signal: AbortSignal; readonly mayWait: boolean },
): Promise<Prediction> {
  let prediction = begun;
  for (let looks = 0; isUnderWay(prediction); looks++) {
    if (looks > 0 && !mayWait) throw new Nonsense('ended its answer before it was finished.');
    if (looks > 0) await setTimeout(POLL_EVERY_MS, undefined, { signal });
    prediction = await calls.get(begun.id);
  }
  if (prediction.status === 'succeeded' || prediction.status === 'successful') return prediction;
  const { error } = prediction;
  const message = typeof error === 'string' ? error : `the prediction is \`${prediction.status}\`.`;
  throw failed(calls, message, prediction);
}

/** A failure that Replicate reported: of the model, or of the machine that ran it. */
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

/** A language model's output as a text; it may arrive as a list of pieces. */
function outputText({ output }: Prediction): string | undefined {
  if (typeof output === 'string') return output;
  if (Array.isArray(output)) return output.map((piece) => toText(piece)).join('');
  return output == null ? undefined : toText(output);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
