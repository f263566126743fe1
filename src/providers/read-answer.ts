import { randomUUID } from 'node:crypto';
import { isRecord } from '../kernel/json-object.ts';
import type { AnswerPart } from './answer-parts.ts';
import { eventReader, type StreamPiece } from './event-reader.ts';
import type { Note } from './mender.ts';
import type { ModelEvent, ModelRequest } from './provider.ts';
import type { Recording } from './recording-fetch.ts';
import { type Said, saysAnything, withJsonAsText } from './said.ts';
import { isError } from './vendor-error.ts';
import { ErrorEvent, Nonsense } from './vendor-failure.ts';
import type { OwnWire, ReadingFold, StreamFold, Wire } from './wire.ts';

/** An answer that was read off the wire. */
export interface ReadAnswer {
  readonly content: readonly AnswerPart[];
  readonly finishReason: string | undefined;
  /** The body as it came; the chunks of a stream are combined into one. */
  readonly body: unknown;
}

/** A call whose answer we read ourselves. */
interface ReadCall {
  readonly recording: Recording;
  readonly request: ModelRequest;
  /** Adds a warning about a piece of the answer. */
  readonly leftOut: Note;
}

/** Milliseconds for what may follow the finish reason: the token counts and the last event. */
const REST_WITHIN_MS = 5_000;

/** Reads an answer that came as one body, or as a stream that nobody asked for. */
export function readWhole(
  wire: OwnWire,
  { recording: { response }, request, leftOut }: ReadCall,
): ReadAnswer {
  const pieces = piecesIn(response);
  const body = pieces ? folded(wire, pieces, leftOut) : response;
  throwErrorIn(wire, body);
  wire.noteUnread(body, leftOut);
  const said = withJsonAsText(wire.said(body), request);
  return { content: partsOf(said), finishReason: wire.finishReason(body), body };
}

/**
 * Reads an answer that comes as a stream, or as one body although a stream was asked for. Yields
 * text and reasoning as they come.
 *
 * An answer is whole when its finish reason or its last event has come, however the connection ends.
 *
 * @param fold gets the chunks that come.
 */
export async function* readStream(
  wire: OwnWire,
  fold: ReadingFold,
  { recording, request, signal, leftOut }: ReadCall & { readonly signal: AbortSignal },
): AsyncGenerator<ModelEvent, ReadAnswer> {
  const reader = eventReader();
  const decoder = new TextDecoder();
  const streamed = { text: '', reasoning: '' };
  let isFinished = false;
  let hasEnded = false;
  for (let isOver = false; !isOver; ) {
    const next = await nextBytes(recording, isFinished, signal);
    const found =
      next === undefined ? reader.end() : reader.add(decoder.decode(next, { stream: true }));
    for (const piece of found) {
      if (piece.type === 'done') {
        hasEnded = true;
        break;
      }
      for (const chunk of chunksIn(piece, { isLast: isFinished || next === undefined, fold })) {
        for (const event of fold.add(chunk)) {
          streamed[event.type] += event.delta;
          yield event;
        }
        throwErrorIn(wire, chunk, fold);
        isFinished ||= wire.finishReason(chunk) !== undefined;
        hasEnded ||= wire.isEnd?.(chunk) === true;
      }
    }
    isOver = hasEnded || next === undefined;
  }
  const body = fold.body();
  const said = withJsonAsText(wire.said(body), request);
  // A body that is no stream is parsed as a whole, or not at all.
  if (!isFinished && !((hasEnded || !isStream(recording)) && saysAnything(said))) {
    throw new Nonsense('ended its answer before it was finished.', body);
  }
  for (const type of ['reasoning', 'text'] as const) {
    const delta = afterStreamed(type, streamed[type], said[type], body);
    if (delta === '') continue;
    streamed[type] += delta;
    yield { type, delta };
  }
  wire.noteUnread(body, leftOut);
  const content = partsOf({ ...said, ...streamed });
  return { content, finishReason: wire.finishReason(body), body };
}

/** @throws ErrorEvent when a chunk or a body has an error; it keeps what has come before it. */
export function throwErrorIn(wire: Wire, chunk: unknown, fold?: StreamFold): void {
  const error = wire.errorIn?.(chunk) ?? (isError(chunk) ? chunk : undefined);
  if (error !== undefined) throw errorAfter(error, fold);
}

function errorAfter(error: unknown, fold: StreamFold | undefined): ErrorEvent {
  const before = fold?.body();
  return new ErrorEvent(
    error,
    isRecord(before) && isRecord(error) ? { ...before, ...error } : error,
  );
}

/** The events in a body that is a text or a list of chunks; undefined for one that is an answer. */
function piecesIn(body: unknown): readonly StreamPiece[] | undefined {
  if (isRecords(body)) return [{ type: 'chunk', value: body }];
  if (typeof body !== 'string') return undefined;
  const reader = eventReader();
  const pieces = [...reader.add(body), ...reader.end()];
  if (pieces.some(({ type }) => type === 'chunk' || type === 'error')) return pieces;
  throw new Nonsense('sent an answer that cannot be read.', body);
}

/** The body that the events of a stream make up, though nobody asked for one. */
function folded(wire: OwnWire, pieces: readonly StreamPiece[], leftOut: Note): unknown {
  const fold = wire.fold(leftOut);
  for (const piece of pieces) {
    if (piece.type === 'done') break;
    for (const chunk of chunksIn(piece, { isLast: false, fold })) {
      fold.add(chunk);
      throwErrorIn(wire, chunk, fold);
    }
  }
  return fold.body();
}

/** The next bytes of a stream; undefined at its end. A finished answer ends at a broken connection. */
async function nextBytes(
  { pieces }: Recording,
  isFinished: boolean,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (pieces === undefined) return undefined;
  if (!isFinished) return (await pieces.next()).value ?? undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), REST_WITHIN_MS);
  });
  try {
    const next = await Promise.race([pieces.next(), late]);
    return next?.value ?? undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The chunks of an event: mostly one, of some servers a list.
 *
 * @throws ErrorEvent for an event that is an error; Nonsense for text that is no event.
 */
function chunksIn(
  piece: Exclude<StreamPiece, { type: 'done' }>,
  { isLast, fold }: { readonly isLast: boolean; readonly fold: StreamFold },
): readonly unknown[] {
  if (piece.type === 'chunk') return isRecords(piece.value) ? piece.value : [piece.value];
  if (piece.type === 'error') {
    const { value } = piece;
    throw errorAfter(isError(value) ? value : { error: value }, fold);
  }
  // The last line of a stream may be cut off, and after a finish reason nothing is missed.
  if (isLast) return [];
  throw new Nonsense('sent a piece of its answer that cannot be read.', fold.body());
}

/** Whether a value is a list of chunks, and not of errors. */
function isRecords(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord) && !isError(value);
}

function isStream({ headers }: Recording): boolean {
  return !/^application\/(?:[\w.-]+\+)?json\b/.test(headers?.['content-type'] ?? '');
}

/**
 * What the body says after what has been streamed.
 *
 * @throws Nonsense when it says something else: what the caller has seen would not be the answer.
 */
function afterStreamed(
  type: ModelEvent['type'],
  streamed: string,
  said: string,
  body: unknown,
): string {
  if (said.startsWith(streamed)) return said.slice(streamed.length);
  // Text and refusals may come in turns, and stand one after the other in the body.
  if (said.length === streamed.length) return '';
  throw new Nonsense(`sent an answer whose ${type} differs from the pieces of it.`, body);
}

function partsOf({ text, reasoning, calls }: Said): readonly AnswerPart[] {
  return [
    ...(reasoning === '' ? [] : [{ type: 'reasoning' as const, text: reasoning }]),
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...calls.map((call) => ({
      type: 'tool-call' as const,
      toolCallId: call.id ?? `call_${randomUUID().replaceAll('-', '')}`,
      toolName: call.name,
      input: call.arguments,
    })),
  ];
}
