import { AsyncLocalStorage } from 'node:async_hooks';
import {
  Client,
  type ListToolsResult,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { Headers } from 'undici';
import { mapStrings } from '../../kernel/text.ts';
import { version } from '../../kernel/version.ts';
import { OutgoingRefusal, tookTooLong } from '../../outgoing/errors.ts';
import type { OutgoingFetch } from '../../outgoing/outgoing-fetch.ts';
import { isSessionGone, toMcpFailure } from './mcp-failure.ts';
import { textOfResult } from './mcp-result.ts';
import {
  type McpConnect,
  type McpConnection,
  McpFailure,
  type McpLimits,
  type McpResult,
  type McpServer,
  type McpTool,
} from './mcp-server.ts';
import { redaction } from './redaction.ts';

/** Per server. Vendors accept about 128 tools in all. */
const mostTools = 256;

/** Pages of one list; the protocol lets a server choose the size of a page. */
const mostPages = 16;

/** Milliseconds that a server has to end a session. */
const closeTimeoutMs = 5_000;

/** A request to a server that is under way. */
interface Operation {
  readonly signal: AbortSignal;
  /** Ends the operation with an error at once, instead of at its timeout. */
  readonly fail: (error: unknown) => void;
}

/**
 * Connects to MCP servers over Streamable HTTP.
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
  /** The ids of messages that were answered; each is removed when its HTTP response has ended. */
  readonly #answered = new Set<number | string>();
  #client: Promise<Client> | undefined;

  constructor(fetch: OutgoingFetch, limits: McpLimits, server: McpServer) {
    this.#fetch = fetch;
    this.#limits = limits;
    this.#server = server;
    this.#redact = redaction(server.headers);
  }

  async listTools(signal: AbortSignal): Promise<readonly McpTool[]> {
    const { tools } = await this.#within(this.#limits.listTimeoutMs, signal, async () => {
      const client = await this.#connected();
      return client.listTools();
    });
    return tools.slice(0, mostTools).map((tool) => this.#described(tool));
  }

  async callTool(
    name: string,
    given: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<McpResult> {
    const params = { name, arguments: { ...given } };
    const result = await this.#within(this.#limits.callTimeoutMs, signal, async () => {
      const client = await this.#connected();
      try {
        return await client.callTool(params);
      } catch (error) {
        // A server that does not know the session has not run the call: repeat it on a new
        // connection.
        if (!isSessionGone(error)) throw error;
        return (await this.#reconnect(client)).callTool(params);
      }
    });
    return { text: this.#redact(textOfResult(result)), isError: result.isError === true };
  }

  close(): void {
    const connected = this.#client;
    this.#client = undefined;
    connected?.then(end).catch(() => undefined);
  }

  #described({ name, description, title, inputSchema }: ListToolsResult['tools'][number]): McpTool {
    const described = { name, description: description ?? title ?? '', parameters: inputSchema };
    return mapStrings(described, this.#redact) as McpTool;
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
        listMaxPages: mostPages,
        // Accepts everything, so that no schema from a server is ever compiled here.
        jsonSchemaValidator: { getValidator: () => acceptAll },
      },
    );
    const transport = new StreamableHTTPClientTransport(new URL(this.#server.url), {
      requestInit: { headers: this.#server.headers },
      fetch: (url, init) => this.#request(String(url), init),
      redirectPolicy: 'follow',
      reconnectionOptions: {
        maxRetries: 0,
        initialReconnectionDelay: 1,
        maxReconnectionDelay: 1,
        reconnectionDelayGrowFactor: 1,
      },
    });
    try {
      await client.connect(transport);
      const receive = transport.onmessage;
      transport.onmessage = (message) => {
        if (!('method' in message) && message.id !== undefined) this.#answered.add(message.id);
        receive?.(message);
      };
      return client;
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }

  async #request(url: string, init: RequestInit = {}): Promise<Response> {
    const { method = 'GET' } = init;
    // Refuses the stream for messages that a server sends unasked: a run does not need it.
    if (method === 'GET') return new Response(null, { status: 405 });
    const operation = this.#operations.getStore();
    const signals = [operation?.signal, init.signal].filter((signal) => signal != null);
    const { callTimeoutMs, mostBytes } = this.#limits;
    const timeoutMs = operation ? callTimeoutMs + this.#limits.listTimeoutMs : closeTimeoutMs;
    const response = await this.#fetch(
      url,
      {
        method,
        headers: new Headers([...new globalThis.Headers(init.headers)]),
        body: typeof init.body === 'string' ? init.body : undefined,
        signal: AbortSignal.any(signals),
      },
      { timeoutMs, mostBytes },
    );
    const asked = toolRequestId(init.body);
    // The client raises the error of a refused request itself. Failing the operation here as well would
    // end the call that is repeated in a new session.
    if (!operation || asked === undefined || !response.ok) return response;
    return notifyAtEnd(response, (error) => this.#failUnanswered(asked, operation, error));
  }

  /**
   * Ends an operation whose HTTP response broke off, or ended without the answer. The client would
   * wait for its timeout, in case the server sends the answer elsewhere.
   */
  #failUnanswered(asked: number | string, operation: Operation, error: unknown): void {
    const reason =
      error instanceof OutgoingRefusal
        ? error
        : new McpFailure('The server did not finish its answer.');
    // Wait a moment: the client may not have read the received bytes yet.
    const look = () => {
      if (!this.#answered.delete(asked)) operation.fail(reason);
    };
    setTimeout(look, 100).unref();
  }

  /** Runs `work` with a timeout. The requests that it makes are aborted when it ends. */
  async #within<Result>(
    timeoutMs: number,
    signal: AbortSignal,
    work: () => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const deadline = AbortSignal.timeout(timeoutMs);
    const ending = new AbortController();
    const operation: Operation = {
      signal: AbortSignal.any([signal, deadline, ending.signal]),
      fail: (error) => ending.abort(error),
    };
    try {
      return await this.#operations.run(operation, () =>
        Promise.race([work(), aborted(operation.signal)]),
      );
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const reason = deadline.aborted ? tookTooLong(timeoutMs) : error;
      throw toMcpFailure(ending.signal.aborted ? ending.signal.reason : reason, this.#redact);
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

/** The id of a message that lists or calls tools; undefined for other messages. */
function toolRequestId(body: unknown): number | string | undefined {
  if (typeof body !== 'string') return undefined;
  const { id, method } = JSON.parse(body) as { id?: number | string; method?: string };
  return method === 'tools/list' || method === 'tools/call' ? id : undefined;
}

/** The same response; calls `onEnd` when its body has ended, with the error if it broke off. */
function notifyAtEnd(response: Response, onEnd: (error?: unknown) => void): Response {
  if (!response.body) return response;
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
        onEnd();
      } catch (error) {
        controller.error(error);
        onEnd(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

async function end(client: Client): Promise<void> {
  const { transport } = client;
  if (transport instanceof StreamableHTTPClientTransport) await transport.terminateSession();
  await client.close();
}
