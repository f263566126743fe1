/**
 * One server-sent event: an `id:` line if it has a number, a `data:` line, an empty line.
 *
 * Clients of the v5 API parse streams in their own ways, and three habits shape the text. Some
 * decode each network chunk separately, so everything is ASCII. Some stop at any line that contains
 * `[DONE]`, so that text never occurs inside an event. Some look for `data:` anywhere in a line, so
 * ids are bare numbers.
 */
export function encodeSse(id: number | undefined, data: unknown): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${asciiJson(data)}\n\n`;
}

/** Tells a client how many milliseconds to wait before it reconnects. */
export function sseRetry(ms: number): string {
  return `retry: ${ms}\n\n`;
}

/** The last event of a stream with numbered events: no more will come. */
export const SSE_DONE = 'data: [DONE]\n\n';

/** A comment: keeps proxies and clients from taking a pause for the end of the stream. */
export const SSE_PING = ': ping\n\n';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is what is not ASCII
const notAscii = /[^\x00-\x7f]/g;

function asciiJson(data: unknown): string {
  let text = JSON.stringify(data);
  if (text.includes('[DONE]')) text = text.replaceAll('[DONE]', '\\u005bDONE]');
  return text.replace(notAscii, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
