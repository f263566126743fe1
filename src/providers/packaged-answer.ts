import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { isRecord } from '../kernel/json-object.ts';
import { answerParts, partCollector, saidInParts } from './answer-parts.ts';
import { withExactNumbers } from './exact-parts.ts';
import type { Mender, Note } from './mender.ts';
import type { ModelEvent, ModelRequest } from './provider.ts';
import { type ReadAnswer, throwErrorIn } from './read-answer.ts';
import type { Recording } from './recording-fetch.ts';
import { requireNothingLost, withJsonAsText } from './said.ts';
import { ErrorEvent, Nonsense } from './vendor-failure.ts';
import type { StreamFold, Wire } from './wire.ts';

/** A call whose answer its vendor's package reads. */
export interface PackagedCall {
  readonly request: ModelRequest;
  readonly recording: Recording;
  readonly mender: Mender | undefined;
  /** Adds a warning about a piece of the answer. */
  readonly leftOut: Note;
}

/** What the package makes of a whole body; when it cannot read it, of the essence of it. */
export async function generated(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  { recording, mender }: PackagedCall,
): Promise<LanguageModelV4GenerateResult> {
  try {
    return await model.doGenerate(options);
  } catch (error) {
    const { response, status = 0 } = recording;
    const isAnswer = status >= 200 && status <= 299 && isRecord(response) && !response['error'];
    if (!mender || !isAnswer) throw error;
    recording.instead = mender.essence(response);
    return await model.doGenerate(options);
  }
}

/** Reads an answer that came as one body. */
export function packagedWhole(
  wire: Wire,
  { content: given, finishReason }: LanguageModelV4GenerateResult,
  call: PackagedCall,
): ReadAnswer {
  const body = call.recording.response;
  throwErrorIn(wire, body);
  return wholeReading(
    wire,
    { content: answerParts(given), finishReason: finishReason.raw || undefined, body },
    call,
  );
}

/**
 * Reads an answer that comes as a stream.
 *
 * @param fold has the chunks that came; without a mender of events they are added here.
 * @param onStart gets the part with the package's warnings.
 */
export async function* packagedStream(
  wire: Wire,
  stream: ReadableStream<LanguageModelV4StreamPart>,
  fold: StreamFold,
  call: PackagedCall,
  onStart: (part: LanguageModelV4StreamPart) => void,
): AsyncGenerator<ModelEvent, ReadAnswer> {
  const { recording, mender, leftOut } = call;
  const collector = partCollector();
  let finishReason: LanguageModelV4FinishReason | undefined;
  let chunk: unknown;
  for await (const part of stream) {
    switch (part.type) {
      case 'raw':
        chunk = part.rawValue;
        if (!mender?.events) fold.add(chunk);
        throwErrorIn(wire, chunk, fold);
        break;
      case 'error':
        if (isRecord(chunk) && isRecord(chunk['error'])) throw new ErrorEvent(chunk);
        if (!wire.mayLeaveOut?.(chunk)) {
          throw new Nonsense('sent a piece of its answer that cannot be read.', fold.body());
        }
        leftOut(`a piece of its answer that cannot be read (\`${kindOf(chunk)}\`)`);
        break;
      case 'stream-start':
        onStart(part);
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
  const hasEnded = recording.hasEnded || wire.isWhole?.(body) !== false;
  if (!hasFinished || !hasEnded) {
    throw new Nonsense('ended its answer before it was finished.', body);
  }
  return wholeReading(
    wire,
    { content: collector.parts, finishReason: finishReason?.raw, body },
    call,
  );
}

/** The package's reading of an answer, with all that the vendor sent, or an error. */
function wholeReading(wire: Wire, read: ReadAnswer, { request }: PackagedCall): ReadAnswer {
  const said = withJsonAsText(wire.said(read.body), request);
  const content = withExactNumbers(read.content, said);
  requireNothingLost(said, saidInParts(content), read.body);
  return { ...read, content };
}

/** A word for a piece of an answer, for a note. */
function kindOf(chunk: unknown): string {
  const { type, content_block: block, delta } = isRecord(chunk) ? chunk : {};
  const inner = [block, delta].find(isRecord)?.['type'];
  return [type, inner].filter((word) => typeof word === 'string').join(' ');
}
