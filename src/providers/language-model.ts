import type {
  LanguageModelV4,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  SharedV4Warning,
} from '@ai-sdk/provider';
import { answerParts, messageFromParts, partCollector } from './answer-parts.ts';
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

/** The format of a vendor's answers; several vendors share one. */
export interface Wire {
  /** Matches the last event of a stream, where there is one. */
  readonly streamEnd?: RegExp;
  /** Starts a body to which the chunks of a stream are added. */
  fold(): StreamFold;
  usage(body: unknown): Usage;
  /**
   * Whether a stream that ended without its last event is complete. Without this function it is.
   */
  isWhole?(body: unknown): boolean;
  /** Whether a chunk that the package cannot read may be skipped. */
  canIgnore?(chunk: unknown): boolean;
  /**
   * The error in a chunk or a body, as `{ error: { type, message } }`, for vendors that report
   * errors in another form.
   */
  errorIn?(chunk: unknown): object | undefined;
}

/** Builds the body that the answer would have had without a stream. */
export interface StreamFold {
  /** Adds the next chunk; ignores chunks of an unknown shape. */
  add(chunk: unknown): void;
  /** The body from the chunks so far. */
  body(): unknown;
}

/** A vendor: its AI SDK package, and what it needs besides. */
export interface LanguageModelVendor {
  readonly dialect: Dialect;
  readonly wire: Wire;
  /**
   * Makes the package's model; must be cheap, since every call makes a new one. It imports the
   * package on first use: a server mostly uses one vendor, and importing all packages would take a
   * quarter of its start.
   */
  model(
    name: string,
    options: { apiKey: string; fetch: typeof globalThis.fetch },
  ): Promise<LanguageModelV4>;
  /** Options for the vendor's package that extend or replace those of the request. */
  settings(request: ModelRequest): VendorSettings;
  /** Corrects the body that the package made, where it loses something. */
  adaptBody?(body: Readonly<Record<string, unknown>>, request: ModelRequest): object;
  /** Adds the request's `other` to the body, where its fields are not simply fields of the body. */
  addOther?(
    body: Readonly<Record<string, unknown>>,
    other: Readonly<Record<string, unknown>>,
  ): object;
  /** The headers of a request, where they depend on its body. */
  sign?(request: UnsignedRequest, apiKey: string): Promise<Headers>;
}

/** Makes a provider from a vendor's AI SDK package. */
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
  const { options, warnings } = callOptions(call);
  const result = await model.doGenerate(options);
  throwErrorIn(call, call.recording.response);
  return toAnswer(call, {
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
  const { options, warnings } = callOptions(call);
  const allWarnings = [...warnings];
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
        allWarnings.push(...part.warnings.map(sentence));
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
  return toAnswer(call, { content: collector.parts, finishReason, body, warnings: allWarnings });
}

function throwErrorIn({ vendor }: Call, chunk: unknown): void {
  const error = vendor.wire.errorIn?.(chunk);
  if (error !== undefined) throw new ErrorEvent(error);
}

function toAnswer(
  { vendor, recording }: Call,
  {
    content,
    finishReason,
    body,
    warnings,
  }: {
    readonly content: Parameters<typeof messageFromParts>[0];
    readonly finishReason: LanguageModelV4GenerateResult['finishReason'] | undefined;
    readonly body: unknown;
    readonly warnings: readonly string[];
  },
): ModelAnswer {
  const { message, parts } = messageFromParts(content, vendor.dialect);
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

function callOptions({ vendor, request, warnings }: Call) {
  const made = packageOptions(request, vendor.settings(request), vendor.dialect);
  return { options: made.options, warnings: [...warnings, ...made.warnings] };
}

/** A package's warning as a sentence: `temperature is not supported for reasoning models.` */
function sentence(warning: SharedV4Warning): string {
  const text =
    warning.type === 'other' || warning.type === 'deprecated'
      ? warning.message
      : (warning.details ?? `${warning.feature} is not supported and was left out`);
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
