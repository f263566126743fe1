import { eventReader, type StreamPiece } from './event-reader.ts';
import type { EventMender } from './mender.ts';

/**
 * A stream of events as its package can read it. A whole answer is not lost when its connection
 * breaks before it ends.
 *
 * @param onChunk gets each event as it came.
 */
export function mendedStream(
  source: ReadableStream<Uint8Array>,
  mender: EventMender,
  onChunk: (chunk: unknown) => void,
): ReadableStream<Uint8Array> {
  const bytes = source.getReader();
  const reader = eventReader();
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const mended = (pieces: readonly StreamPiece[]) =>
    pieces.map((piece) => asEvents(piece, mender, onChunk)).join('');
  const rest = () => mended(reader.end()) + mender.end().map(asEvent).join('');
  return new ReadableStream({
    async pull(controller) {
      try {
        while (true) {
          const { done, value } = await bytes.read();
          const text = done ? rest() : mended(reader.add(decoder.decode(value, { stream: true })));
          if (text !== '') controller.enqueue(encoder.encode(text));
          if (done) controller.close();
          if (done || text !== '') return;
        }
      } catch (error) {
        if (!mender.isFinished()) {
          controller.error(error);
          return;
        }
        controller.enqueue(encoder.encode(mender.end().map(asEvent).join('')));
        controller.close();
      }
    },
    cancel: (reason) => bytes.cancel(reason),
  });
}

function asEvents(
  piece: StreamPiece,
  mender: EventMender,
  onChunk: (chunk: unknown) => void,
): string {
  switch (piece.type) {
    case 'done':
      return '';
    case 'stray':
      // The package says that it cannot be read.
      return `data: ${piece.text.replaceAll('\n', ' ')}\n\n`;
    case 'error': {
      const { value } = piece;
      const isNamed = typeof value === 'object' && value !== null && 'error' in value;
      return mender
        .add(isNamed ? value : { error: value })
        .map(asEvent)
        .join('');
    }
    case 'chunk':
      onChunk(piece.value);
      return mender.add(piece.value).map(asEvent).join('');
  }
}

function asEvent(chunk: unknown): string {
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
