import { Headers } from 'undici';
import { parseExactJson } from '../../kernel/exact-json.ts';
import { McpExchange } from './mcp-exchange.ts';
import type { McpRequest } from './mcp-messages.ts';
import { type Operation, readingOf, revisionOf } from './mcp-readings.ts';
import type { Send } from './send.ts';

/**
 * A `fetch` for the protocol's client. It shows the client every server as the protocol describes
 * one: one answer to each request, complete, of a known form. The client accepts nothing else.
 *
 * @param operation what the request that is being made belongs to.
 * @param limits `patienceMs`: whole milliseconds for an answer that the connection can do without.
 * @param closed aborted when the connection is closed.
 */
export function lenientFetch(
  send: Send,
  operation: () => Operation,
  { patienceMs, mostMessages }: { readonly patienceMs: number; readonly mostMessages: number },
  closed: AbortSignal,
): (url: unknown, init?: RequestInit) => Promise<Response> {
  const exchange = new McpExchange(send, mostMessages, closed);
  let revision: string | undefined;
  return async (_url, init = {}) => {
    const { method = 'GET' } = init;
    // Refuses the stream for messages that a server sends unasked: a run does not need it.
    if (method === 'GET') return new Response(null, { status: 405 });
    const current = operation();
    const signal = init.signal ? AbortSignal.any([current.signal, init.signal]) : current.signal;
    const headers = new Headers([...new globalThis.Headers(init.headers)]);
    // A server compares this header with the revision that it has named, known to the client or not.
    if (revision !== undefined && headers.has('mcp-protocol-version')) {
      headers.set('mcp-protocol-version', revision);
    }
    if (typeof init.body !== 'string') return send({ method, headers, signal });
    const { body } = init;
    const request = parseExactJson(body) as McpRequest;
    if (request.id === undefined) {
      const patience = AbortSignal.timeout(patienceMs);
      await exchange.tell({ body, headers, signal: AbortSignal.any([signal, patience]) });
      return new Response(null, { status: 202 });
    }
    const answer = await readingOf(request.method)({
      request,
      operation: current,
      patienceMs,
      ask: async (asked, within = signal) => {
        const sending = {
          body: asked === request ? body : JSON.stringify(asked),
          headers,
          signal: AbortSignal.any([signal, within]),
        };
        const said = await exchange.ask(asked.id, sending);
        if (asked.method !== 'initialize') return said;
        const isRefused = said instanceof Response && wrongTransport.includes(said.status);
        const isOpened = isRefused && (await exchange.openStandingStream(sending));
        const answer = isOpened ? await exchange.ask(asked.id, sending) : said;
        revision = revisionOf(answer) ?? revision;
        return answer;
      },
    });
    if (answer instanceof Response) return answer;
    const { session } = exchange;
    return Response.json(
      { jsonrpc: '2.0', id: request.id, ...answer },
      session === undefined ? {} : { headers: { 'mcp-session-id': session } },
    );
  };
}

/** How servers refuse a first message that they want at another address. */
const wrongTransport = [400, 404, 405, 406, 415, 501];
