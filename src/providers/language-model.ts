import type {
  LanguageModelV4,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  SharedV4Warning,
} from '@ai-sdk/provider';
import { answerParts, messageOf, partCollector } from './answer-parts.ts';
import { usableKey, withoutOurs } from './call-inputs.ts';
import type { Dialect } from './dialect.ts';
import { packageOptions, type VendorSettings } from './package-options.ts';
import type {
  AttemptOptions,
  ModelAnswer,
  ModelEvent,
  ModelRequest,
  Provider,
  Usage,
} from './provider.ts';
import { type Recording, recordingFetch, type UnsignedRequest } from './recording-fetch.ts';
import { ErrorEvent, isRecord, Nonsense, vendorFailure } from './vendor-failure.ts';

/** The form of a vendor's answers; several vendors share one. */
export interface Wire {
  /** What the last event of a stream looks like, when it is not just its end. */
  readonly streamEnd?: RegExp;
  /** Begins the body that the chunks of a stream add up to. */
  fold(): StreamFold;
  usage(body: unknown): Usage;
  /** Whether a stream that finished without its last event has told all; unless it says, it has. */
  isWhole?(body: unknown): boolean;
  /** Whether a chunk that the package cannot read may be passed over. */
  canIgnore?(chunk: unknown): boolean;
  /** The error that a chunk or a body is, as `{ error: { type, message } }`, where it is told otherwise. */
  errorIn?(chunk: unknown): object | undefined;
}

/** The body that a call would have had without a stream, put together from a stream's chunks. */
export interface StreamFold {
  /** Takes the next chunk. What is none of the wire's is passed over. */
  add(chunk: unknown): void;
  /** What the chunks add up to so far. */
  body(): unknown;
}

/** What a vendor of ours is beside its AI SDK package. */
export interface LanguageModelVendor {
  readonly dialect: Dialect;
  readonly wire: Wire;
  /**
   * Must be cheap: it is made anew for each call. The package is loaded by the first: to load those of
   * all vendors would be a quarter of the start of a server, which mostly uses one.
   */
  model(
    name: string,
    options: { apiKey: string; fetch: typeof globalThis.fetch },
  ): Promise<LanguageModelV4>;
  /** What the vendor's package is to be told beyond the request, or instead of it. */
  settings(request: ModelRequest): VendorSettings;
  /** Changes the body that the package made, where it loses something. */
  adaptBody?(body: Readonly<Record<string, unknown>>, request: ModelRequest): object;
  /** Adds the request's `other` to the body, where its fields are not simply fields of the body. */
  addOther?(
    body: Readonly<Record<string, unknown>>,
    other: Readonly<Record<string, unknown>>,
  ): object;
  /** Gives the headers of a request, where they depend on what is sent. */
  sign?(request: UnsignedRequest, apiKey: string): Promise<Headers>;
}

/** A provider over a vendor's AI SDK package. */
export function languageModelProvider(
  vendor: LanguageModelVendor,
  apiKey: string | undefined,
): Provider {
  return {
    title: vendor.dialect.title,
    needsKey: true,
    apiKey,
    attempt: (request, options) => attempt(vendor, request, options),
  };
}

async function* attempt(
  vendor: LanguageModelVendor,
  request: ModelRequest,
  { apiKey, signal, onRequest, onActivity }: AttemptOptions,
): AsyncGenerator<ModelEvent, ModelAnswer> {
  const { title } = vendor.dialect;
  signal.throwIfAborted();
  const key = usableKey(title, apiKey);
  const { other, warnings } = withoutOurs(request.other);
  const { adaptBody, addOther, sign } = vendor;
  const recording = recordingFetch({
    signal,
    other,
    stream: request.stream,
    streamEnd: vendor.wire.streamEnd,
    onRequest,
    onActivity,
    addOther,
    ...(adaptBody && { adaptBody: (body) => adaptBody(body, request) }),
    ...(sign && { sign: (unsigned) => sign(unsigned, key) }),
  });
  const call = { vendor, request, recording, warnings };
  let isDone = false;
  try {
    const model = await vendor.model(request.model, { apiKey: key, fetch: recording.fetch });
    const answer = request.stream ? yield* streamed(model, call) : await whole(model, call);
    isDone = true;
    return answer;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw vendorFailure(title, recording, error);
  } finally {
    recording.close(isDone);
  }
}

interface Call {
  readonly vendor: LanguageModelVendor;
  readonly request: ModelRequest;
  readonly recording: Recording;
  readonly warnings: readonly string[];
}

async function whole(model: LanguageModelV4, call: Call): Promise<ModelAnswer> {
  const { options, warnings } = optionsOf(call);
  const result = await model.doGenerate(options);
  throwErrorIn(call, call.recording.response);
  return answerOf(call, {
    content: answerParts(result.content),
    finishReason: result.finishReason,
    body: call.recording.response,
    warnings: [...warnings, ...result.warnings.map(sentence)],
  });
}

async function* streamed(
  model: LanguageModelV4,
  call: Call,
): AsyncGenerator<ModelEvent, ModelAnswer> {
  const { wire } = call.vendor;
  const { options, warnings } = optionsOf(call);
  const told = [...warnings];
  const fold = wire.fold();
  const collector = partCollector();
  let finishReason: LanguageModelV4FinishReason | undefined;
  let chunk: unknown;
  const { stream } = await model.doStream({ ...options, includeRawChunks: true });
  for await (const part of stream) {
    switch (part.type) {
      case 'raw':
        chunk = part.rawValue;
        throwErrorIn(call, chunk);
        fold.add(chunk);
        break;
      case 'error':
        if (isRecord(chunk) && isRecord(chunk['error'])) throw new ErrorEvent(chunk);
        if (wire.canIgnore?.(chunk) === true) break;
        throw new Nonsense('sent a piece of its answer that cannot be read.', fold.body());
      case 'stream-start':
        told.push(...part.warnings.map(sentence));
        break;
      case 'finish':
        finishReason = part.finishReason;
        break;
      default: {
        const event = collector.add(part);
        if (event !== undefined) yield event;
      }
    }
  }
  const body = fold.body();
  const hasFinished = finishReason?.raw !== undefined && finishReason.unified !== 'interrupted';
  const hasEnded = call.recording.hasEnded || wire.isWhole?.(body) !== false;
  if (!hasFinished || !hasEnded) {
    throw new Nonsense('ended its answer before it was finished.', body);
  }
  return answerOf(call, { content: collector.parts, finishReason, body, warnings: told });
}

function throwErrorIn({ vendor }: Call, chunk: unknown): void {
  const error = vendor.wire.errorIn?.(chunk);
  if (error !== undefined) throw new ErrorEvent(error);
}

function answerOf(
  { vendor, recording }: Call,
  {
    content,
    finishReason,
    body,
    warnings,
  }: {
    readonly content: Parameters<typeof messageOf>[0];
    readonly finishReason: LanguageModelV4GenerateResult['finishReason'] | undefined;
    readonly body: unknown;
    readonly warnings: readonly string[];
  },
): ModelAnswer {
  const { message, parts } = messageOf(content, vendor.dialect);
  const raw = finishReason?.raw ?? null;
  if (raw === null && message.content === '' && message.thinking === undefined) {
    throw new Nonsense('sent an answer with nothing in it.', body);
  }
  return {
    message,
    parts,
    finishReason: raw,
    usage: vendor.wire.usage(body),
    providerRequest: recording.request,
    providerResponse: body,
    warnings: [...new Set(warnings)],
  };
}

function optionsOf({ vendor, request, warnings }: Call) {
  const made = packageOptions(request, vendor.settings(request), vendor.dialect);
  return { options: made.options, warnings: [...warnings, ...made.warnings] };
}

/** A package's warning in words: `temperature is not supported for reasoning models.` */
function sentence(warning: SharedV4Warning): string {
  const text =
    warning.type === 'other' || warning.type === 'deprecated'
      ? warning.message
      : (warning.details ?? `${warning.feature} is not supported and was left out`);
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
