import type { LanguageModelV4, LanguageModelV4StreamPart, SharedV4Warning } from '@ai-sdk/provider';
import type { Dispatcher } from 'undici';
import { withAcceptedNames } from './accepted-names.ts';
import { messageFromParts } from './answer-parts.ts';
import { usableKey, withoutOurs } from './call-inputs.ts';
import type { Dialect } from './dialect.ts';
import { packageOptions, type VendorSettings } from './package-options.ts';
import { generated, type PackagedCall, packagedStream, packagedWhole } from './packaged-answer.ts';
import { withPairedCalls } from './paired-calls.ts';
import type {
  AttemptOptions,
  ModelAnswer,
  ModelEvent,
  ModelRequest,
  Provider,
} from './provider.ts';
import { type ReadAnswer, readStream, readWhole } from './read-answer.ts';
import { recordingFetch, type UnsignedRequest } from './recording-fetch.ts';
import { saysAnything } from './said.ts';
import { Nonsense, vendorFailure } from './vendor-failure.ts';
import { isOwnWire, type Wire } from './wire.ts';

/** A vendor: its AI SDK package, and what it needs besides. */
export interface LanguageModelVendor {
  readonly dialect: Dialect;
  readonly wire: Wire;
  /** True: it can be called without a key, which is then empty. */
  readonly isOpen?: boolean;
  /** Makes its connections; undefined: any address may be reached. */
  readonly dispatcher?: Dispatcher;
  /** See {@link Provider.secrets}. */
  readonly secrets?: readonly string[];
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
  /** The headers of a request, where those of the package are not right. */
  sign?(request: UnsignedRequest, apiKey: string): Promise<Headers>;
}

/** Makes a provider from a vendor's AI SDK package. */
export function languageModelProvider(
  vendor: LanguageModelVendor,
  apiKey: string | undefined,
): Provider {
  return {
    title: vendor.dialect.title,
    needsKey: vendor.isOpen !== true,
    apiKey,
    secrets: vendor.secrets ?? [],
    attempt: (request, options) => attempt(vendor, request, options),
  };
}

async function* attempt(
  vendor: LanguageModelVendor,
  asked: ModelRequest,
  { apiKey, signal, bounds, onRequest, onActivity, onStream }: AttemptOptions,
): AsyncGenerator<ModelEvent, ModelAnswer> {
  const { title } = vendor.dialect;
  signal.throwIfAborted();
  const key = vendor.isOpen && !apiKey ? '' : usableKey(title, apiKey);
  const { other, warnings: ofOther } = withoutOurs(asked.other);
  const paired = withPairedCalls(asked.messages);
  const {
    request,
    restore,
    warnings: ofNames,
  } = withAcceptedNames({ ...asked, messages: paired.messages }, vendor.dialect);
  const warnings = [...ofOther, ...paired.warnings, ...ofNames];
  const { adaptBody, addOther, dispatcher, sign, wire } = vendor;
  const leftOut = (what: string) => warnings.push(`${title} sent ${what}; it was left out.`);
  const mender = wire.mender?.(leftOut);
  const recording = recordingFetch({
    signal,
    bounds,
    other,
    stream: request.stream,
    streamEnd: wire.streamEnd,
    mender,
    dispatcher,
    ...(isOwnWire(wire) && { standIn: request.stream ? '' : wire.standIn }),
    onRequest,
    onActivity,
    addOther,
    ...(adaptBody && { adaptBody: (body) => adaptBody(body, request) }),
    ...(sign && { sign: (unsigned) => sign(unsigned, key) }),
  });
  const call = { vendor, request, recording, signal, mender, leftOut, warnings, onStream };
  let isDone = false;
  try {
    const model = await vendor.model(request.model, { apiKey: key, fetch: recording.fetch });
    const answer = request.stream ? yield* streamed(model, call) : await whole(model, call);
    isDone = true;
    return restore(answer);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw vendorFailure(title, recording, error);
  } finally {
    recording.close(isDone);
  }
}

interface Call extends PackagedCall {
  readonly vendor: LanguageModelVendor;
  readonly signal: AbortSignal;
  readonly onStream: AttemptOptions['onStream'];
  /** Grows while the answer is read. */
  readonly warnings: readonly string[];
}

async function whole(model: LanguageModelV4, call: Call): Promise<ModelAnswer> {
  const { wire } = call.vendor;
  const { options, warnings } = callOptions(call);
  const result = await generated(model, options, call);
  const all = [...warnings, ...result.warnings.map(sentence)];
  const read = isOwnWire(wire) ? readWhole(wire, call) : packagedWhole(wire, result, call);
  return toAnswer(call, read, all);
}

async function* streamed(
  model: LanguageModelV4,
  call: Call,
): AsyncGenerator<ModelEvent, ModelAnswer> {
  const { wire } = call.vendor;
  const { options, warnings } = callOptions(call);
  const all = [...warnings];
  if (!isOwnWire(wire)) {
    const fold = begunFold(wire, call);
    call.recording.onChunk = (chunk) => fold.add(chunk);
    const { stream } = await model.doStream({ ...options, includeRawChunks: true });
    const read = yield* packagedStream(wire, stream, fold, call, (part) => addWarnings(part, all));
    return toAnswer(call, read, all);
  }
  const { stream } = await model.doStream(options);
  // The package has been given a stand-in: its stream has only its warnings.
  for await (const part of stream) addWarnings(part, all);
  return toAnswer(call, yield* readStream(wire, begunFold(wire, call), call), all);
}

/** A fold for the chunks of a stream, whose body may also be wanted before the stream ends. */
function begunFold<Own extends Wire>(
  wire: Own,
  { onStream, leftOut }: Call,
): ReturnType<Own['fold']> {
  const fold = wire.fold(leftOut) as ReturnType<Own['fold']>;
  onStream?.(() => {
    const body = fold.body();
    return saysAnything(wire.said(body)) ? body : undefined;
  });
  return fold;
}

function addWarnings(part: LanguageModelV4StreamPart, warnings: string[]): void {
  if (part.type === 'stream-start') warnings.push(...part.warnings.map(sentence));
}

function toAnswer(
  { vendor, recording, warnings: ofCall }: Call,
  { content, finishReason, body }: ReadAnswer,
  warnings: readonly string[],
): ModelAnswer {
  const { message, parts } = messageFromParts(content, vendor.dialect);
  const wanted = vendor.wire.wantedBack?.(body);
  const raw = finishReason ?? null;
  const hasReasoning = content.some(({ type }) => type === 'reasoning');
  if (raw === null && message.content === '' && !hasReasoning) {
    throw new Nonsense('sent an answer with nothing in it.', body);
  }
  return {
    message,
    parts: wanted ? [...(parts ?? []), wanted] : parts,
    finishReason: raw,
    usage: vendor.wire.usage(body),
    providerRequest: recording.request,
    providerResponse: body,
    warnings: [...new Set([...ofCall, ...warnings])],
  };
}

function callOptions({ vendor, request }: Call) {
  return packageOptions(request, vendor.settings(request), vendor.dialect);
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
