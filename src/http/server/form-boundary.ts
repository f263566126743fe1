import type { IncomingMessage } from 'node:http';
import { invalid } from '../../kernel/errors.ts';

/** RFC 2046, section 5.1.1: what a boundary is made of, and how long it may be. */
const firstLine = /^--([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])[ \t]*\r?\n/;
/** Bytes of the longest first line, and room for blanks at its end. */
const longestLine = 200;

/**
 * Sees to it that the header of a form names the boundary of its parts. The Python client (0.8.24 and
 * later) leaves it out; then it is what the first line of the body says. Nothing of the body is lost.
 *
 * @throws `invalid` when neither says it.
 */
export async function nameBoundary(request: IncomingMessage): Promise<void> {
  const type = request.headers['content-type'] ?? '';
  if (/;\s*boundary\s*=/i.test(type)) return;
  const [, boundary] = firstLine.exec(await readFirstLine(request)) ?? [];
  if (boundary === undefined) {
    throw invalid(
      ['header', 'content-type'],
      'The boundary of the form is missing: neither this header nor the first line of the body says it.',
    );
  }
  request.headers['content-type'] = `multipart/form-data; boundary="${boundary}"`;
}

/** The bytes up to the first line's end, as text; they stay to be read. */
async function readFirstLine(request: IncomingMessage): Promise<string> {
  let read = Buffer.alloc(0);
  for (;;) {
    const chunk: Buffer | null = request.read();
    if (chunk) read = Buffer.concat([read, chunk]);
    if (read.includes('\n') || read.length > longestLine) break;
    if (chunk) continue;
    if (request.readableEnded || request.destroyed) break;
    await moreToRead(request);
  }
  // In the same tick as the last read: later, the stream might already have emitted `end`.
  if (read.length > 0 && !request.readableEnded) request.unshift(read);
  return read.toString('latin1', 0, longestLine);
}

/** Waits until there is more to read of a request, or nothing will come. */
function moreToRead(request: IncomingMessage): Promise<void> {
  const events = ['readable', 'end', 'error', 'close'];
  return new Promise((resolve) => {
    const done = () => {
      for (const event of events) request.off(event, done);
      resolve();
    };
    for (const event of events) request.on(event, done);
  });
}
