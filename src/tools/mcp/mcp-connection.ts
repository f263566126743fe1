import { AsyncLocalStorage } from 'node:async_hooks';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { mapStrings } from '../../kernel/text.ts';
import { version } from '../../kernel/version.ts';
import { tookTooLong } from '../../outgoing/errors.ts';
import type { OutgoingFetch } from '../../outgoing/outgoing-fetch.ts';
import { lenientFetch } from './lenient-fetch.ts';
import { isSessionGone, toMcpFailure } from './mcp-failure.ts';
import type { Operation } from './mcp-readings.ts';
import {
  type McpConnect,
  type McpConnection,
  McpFailure,
  type McpLimits,
  type McpResult,
  type McpServer,
  type McpTools,
} from './mcp-server.ts';
import { redaction } from './redaction.ts';
import type { Send } from './send.ts';
import { ToolList } from './tool-list.ts';

/** Milliseconds that a server has to end a session. */
const closeTimeoutMs = 5_000;

/** Milliseconds that a stream for all answers of a connection may last. */
const longestConnectionMs = 24 * 60 * 60 * 1_000;

/** How many answers of the largest size such a stream may have. */
const mostAnswers = 16;

/**
 * Connects to MCP servers over Streamable HTTP, or over the transport of revision 2024-11-05.
 *
 * @param fetch makes the requests, and checks which addresses they reach.
 */
export function mcpOver(fetch: OutgoingFetch, limits: McpLimits): McpConnect {
  return (server) => new HttpConnection(fetch, limits, server);
}

class HttpConnection implements McpConnection {
  readonly #fetch: OutgoingFetch;
  readonly #limits: McpLimits;
  readonly #server: McpServer;
  readonly #redact: (text: string) => string;
  /** The operation that a request belongs to: the client does not pass it on to its transport. */
  readonly #operations = new AsyncLocalStorage<Operation>();
  readonly #closed = new AbortController();
  #client: Promise<Client> | undefined;

  constructor(fetch: OutgoingFetch, limits: McpLimits, server: McpServer) {
    this.#fetch = fetch;
    this.#limits = limits;
    this.#server = server;
    this.#redact = redaction(server.headers);
  }

  async listTools(signal: AbortSignal): Promise<McpTools> {
    const list = new ToolList();
    const setting = 'MCP_LIST_TIMEOUT_SECONDS';
    const operation = { timeoutMs: this.#limits.listTimeoutMs, setting, signal, list };
    try {
      const { tools } = await this.#within(operation, async () =>
        (await this.#connected()).listTools(undefined, this.#options),
      );
      const names = new Set(tools.map(({ name }) => name));
      list.keepOnly(names, 'it asks for headers in a way that the protocol forbids.');
    } catch (error) {
      if (!(error instanceof McpFailure) || list.tools.length === 0) throw error;
      list.notes.push(`its list was not read to its end. ${error.message}`);
    }
    return mapStrings({ tools: list.tools, notes: list.notes }, this.#redact) as McpTools;
  }

  async callTool(
    name: string,
    given: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<McpResult> {
    const params = { name, arguments: { ...given } };
    const setting = 'MCP_CALL_TIMEOUT_SECONDS';
    const operation = { timeoutMs: this.#limits.callTimeoutMs, setting, signal };
    const { content, isError } = await this.#within(operation, async () => {
      const client = await this.#connected();
      try {
        return await client.callTool(params, this.#options);
      } catch (error) {
        // A server that does not know the session has not run the call: repeat it on a new
        // connection.
        if (!isSessionGone(error)) throw error;
        return (await this.#reconnect(client)).callTool(params, this.#options);
      }
    });
    const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    return { text: this.#redact(text), isError: isError === true };
  }

  close(): void {
    const connected = this.#client;
    this.#client = undefined;
    Promise.resolve(connected)
      .then((client) => client && end(client))
      .catch(() => undefined)
      .finally(() => this.#closed.abort());
  }

  /** The client's own timeout comes after ours, which knows the reason. */
  get #options(): { timeout: number } {
    return { timeout: this.#requestTimeoutMs };
  }

  get #requestTimeoutMs(): number {
    return this.#limits.callTimeoutMs + this.#limits.listTimeoutMs;
  }

  #connected(): Promise<Client> {
    this.#client ??= this.#connect();
    return this.#client;
  }

  /**
   * Makes a new connection to replace an unusable one. When several callers ask, only one is made.
   */
  async #reconnect(useless: Client): Promise<Client> {
    if ((await this.#client) === useless) this.#client = this.#connect();
    return this.#connected();
  }

  async #connect(): Promise<Client> {
    const client = new Client(
      { name: 'loopwright', version },
      {
        versionNegotiation: { mode: 'auto' },
        inputRequired: { autoFulfill: false },
        // Accepts everything, so that no schema from a server is ever compiled here.
        jsonSchemaValidator: { getValidator: () => acceptAll },
      },
    );
    const operation = () =>
      this.#operations.getStore() ?? { signal: AbortSignal.timeout(closeTimeoutMs) };
    const transport = new StreamableHTTPClientTransport(new URL(this.#server.url), {
      requestInit: { headers: this.#server.headers },
      fetch: lenientFetch(
        this.#send,
        operation,
        {
          patienceMs: Math.floor(this.#limits.listTimeoutMs / 3),
          mostMessages: this.#limits.mostMessages,
        },
        this.#closed.signal,
      ),
      redirectPolicy: 'follow',
    });
    try {
      await client.connect(transport, this.#options);
      return client;
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }

  readonly #send: Send = async ({ to, isStanding, ...request }) => {
    const { mostBytes } = this.#limits;
    const setting = 'MCP_ANSWER_BYTES';
    const limits = isStanding
      ? { timeoutMs: longestConnectionMs, mostBytes: mostBytes * mostAnswers, setting }
      : { timeoutMs: this.#requestTimeoutMs, mostBytes, setting };
    return this.#fetch(to === undefined ? this.#server.url : this.#address(to), request, limits);
  };

  /** An address that the server names. The headers are for its own origin only. */
  #address(named: string): string {
    const url = URL.parse(named, this.#server.url);
    if (url?.origin === new URL(this.#server.url).origin) return url.href;
    throw new McpFailure('The server wants its messages at another origin.');
  }

  /** Runs `work` with a timeout. The requests that it makes are aborted when it ends. */
  async #within<Result>(
    {
      timeoutMs,
      setting,
      signal,
      list,
    }: Operation & { readonly timeoutMs: number; readonly setting: string },
    work: () => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const deadline = AbortSignal.timeout(timeoutMs);
    const ending = new AbortController();
    const ended = AbortSignal.any([signal, deadline, ending.signal]);
    try {
      return await this.#operations.run({ signal: ended, ...(list ? { list } : {}) }, () =>
        Promise.race([work(), aborted(ended)]),
      );
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw toMcpFailure(deadline.aborted ? tookTooLong(timeoutMs, setting) : error, this.#redact);
    } finally {
      ending.abort(new McpFailure('The call is over.'));
    }
  }
}

const acceptAll = (input: unknown) =>
  ({ valid: true, data: input as never, errorMessage: undefined }) as const;

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function end(client: Client): Promise<void> {
  const { transport } = client;
  if (transport instanceof StreamableHTTPClientTransport) await transport.terminateSession();
  await client.close();
}
