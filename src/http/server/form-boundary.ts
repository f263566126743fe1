import type { IncomingMessage } from 'node:http';
import { invalid } from '../../kernel/errors.ts';

/** The characters and length of a boundary: RFC 2046, section 5.1.1. */
const firstLine = /^--([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])[ \t]*\r?\n/;
/** Bytes of the longest first line, with some trailing blanks. */
const longestLine = 200;

/**
 * Makes sure that the content type of a form has a boundary. The Python client (0.8.24 and later)
 * leaves it out; then the boundary is read from the first line of the body, which stays unread for
 * the parser.
 *
 * @throws `invalid` if there is none in either place.
 */
export async function nameBoundary(request: IncomingMessage): Promise<void> {
  const type = request.headers['content-type'] ?? '';
  if (/;\s*boundary\s*=/i.test(type)) return;
  const [, boundary] = firstLine.exec(await readFirstLine(request)) ?? [];
  if (boundary === undefined) {
    throw invalid(
      ['header', 'content-type'],
      'The boundary of the form is missing, both in this header and in the first line of the body.',
    );
  }
  request.headers['content-type'] = `multipart/form-data; boundary="${boundary}"`;
}

/** The first line of the body. Its bytes are put back to be read again. */
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

/** Waits until there are more bytes to read, or the request has ended. */
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
