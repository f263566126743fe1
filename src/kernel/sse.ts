/**
 * One server-sent event: an `id:` line if it has a number, a `data:` line, an empty line.
 *
 * Clients of the v5 API read streams with parsers of their own, and three of their habits shape
 * the text: one decodes each network chunk on its own, so everything is ASCII; it stops wherever
 * a line has `[DONE]` in it, so that never occurs inside an event; and it looks for `data:`
 * anywhere in a line, so ids are bare numbers.
 */
export function encodeSse(id: number | undefined, data: unknown): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${asciiJson(data)}\n\n`;
}

/** Tells a client after how many milliseconds to come back when the stream ends. */
export function sseRetry(ms: number): string {
  return `retry: ${ms}\n\n`;
}

/** Ends a stream that has numbered events: everything has been told. */
export const SSE_DONE = 'data: [DONE]\n\n';

/** A comment: keeps proxies and clients from taking a silence for an end. */
export const SSE_PING = ': ping\n\n';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is what is not ASCII
const notAscii = /[^\x00-\x7f]/g;

function asciiJson(data: unknown): string {
  let text = JSON.stringify(data);
  if (text.includes('[DONE]')) text = text.replaceAll('[DONE]', '\\u005bDONE]');
  return text.replace(notAscii, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
