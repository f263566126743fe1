import { type Fault, invalid } from './errors.ts';

/**
 * Answers show this instead of a header's value. In a request, it keeps the value that was set
 * before.
 */
export const keptHeader = '***';

/**
 * The headers that a user chose for a server, with names in lower case.
 *
 * @param given names and values. A value that is no text is encrypted already.
 * @param loc their place in the request.
 * @throws `invalid` for a name or a value that no header can have, and for a header that we set.
 */
export function canonicalHeaders<Value>(
  given: Readonly<Record<string, Value>>,
  loc: Fault['loc'],
): Record<string, Value> {
  const headers: Record<string, Value> = {};
  for (const [named, value] of Object.entries(given)) {
    const name = named.toLowerCase();
    const refuse = (msg: string) => invalid([...loc, named], msg);
    if (!headerName.test(name)) throw refuse('This is not a valid header name.');
    if (reservedHeaders.includes(name))
      throw refuse('This header is reserved: Loopwright sets it itself.');
    if (Object.hasOwn(headers, name)) throw refuse('This header is given twice.');
    if (typeof value === 'string' && value !== keptHeader && !headerValue.test(value)) {
      throw refuse(
        'A header value must have only ASCII characters, without spaces at its beginning or end.',
      );
    }
    headers[name] = value;
  }
  return headers;
}

const headerName = /^[a-z0-9!#$%&'*+.^_`|~-]{1,200}$/;
const headerValue = /^[\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?$/;

/** Headers that MCP, HTTP or the connection sets. */
const reservedHeaders = [
  'accept',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'last-event-id',
  'mcp-protocol-version',
  'mcp-session-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
