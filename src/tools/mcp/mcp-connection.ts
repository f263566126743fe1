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
import { isSessionGone, mcpFailureOf } from './mcp-failure.ts';
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

/** Of one server; vendors take about 128 in all. */
const mostTools = 256;

/** Of a list; the protocol lets a server choose how long they are. */
const mostPages = 16;

/** Milliseconds that a server is given to end a session. */
const closeTimeoutMs = 5_000;

/** Something that is asked of a server, while it is under way. */
interface Operation {
  readonly signal: AbortSignal;
  /** Ends it now, rather than at the end of its time. */
  readonly fail: (error: unknown) => void;
}

/**
 * Connections to servers that speak the Model Context Protocol over Streamable HTTP.
 *
 * @param fetch makes their requests: it vets where they go.
 */
export function mcpOver(fetch: OutgoingFetch, limits: McpLimits): McpConnect {
  return (server) => new HttpConnection(fetch, limits, server);
}

class HttpConnection implements McpConnection {
  readonly #fetch: OutgoingFetch;
  readonly #limits: McpLimits;
  readonly #server: McpServer;
  readonly #redact: (text: string) => string;
  /** Whose request is being made, for what the client does not hand through to its transport. */
  readonly #operations = new AsyncLocalStorage<Operation>();
  /** The numbers of messages that were answered, until their answers have ended. */
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
        // What the server did not know the session of, it did not run.
        if (!isSessionGone(error)) throw error;
        return (await this.#connectedAfter(client)).callTool(params);
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

  /** A new connection in place of one that is of no use; of several who ask, one makes it. */
  async #connectedAfter(useless: Client): Promise<Client> {
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
        // A schema of the server's is never compiled here.
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
    // The stream for what a server says unasked: a run has no use for it.
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
    const asked = toolRequestIn(init.body);
    if (!operation || asked === undefined) return response;
    return watched(response, (error) => this.#missAnswer(asked, operation, error));
  }

  /**
   * Ends an operation whose answer broke off, or ended without what was asked for. The client's own
   * way is to wait until the time is up, in case that the server sends the rest elsewhere.
   */
  #missAnswer(asked: number | string, operation: Operation, error: unknown): void {
    const reason =
      error instanceof OutgoingRefusal ? error : new McpFailure('The server broke off its answer.');
    // What has come, the client may still have to read.
    const look = () => {
      if (!this.#answered.delete(asked)) operation.fail(reason);
    };
    setTimeout(look, 100).unref();
  }

  /** Lets something be done in a given time; what it waits for ends with it. */
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
      throw mcpFailureOf(ending.signal.aborted ? ending.signal.reason : reason, this.#redact);
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

/** The number of a message, when it asks for tools or calls one. */
function toolRequestIn(body: unknown): number | string | undefined {
  if (typeof body !== 'string') return undefined;
  const { id, method } = JSON.parse(body) as { id?: number | string; method?: string };
  return method === 'tools/list' || method === 'tools/call' ? id : undefined;
}

/** An answer that tells when it is over, whichever way. */
function watched(response: Response, over: (error?: unknown) => void): Response {
  if (!response.body) return response;
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
        over();
      } catch (error) {
        controller.error(error);
        over(error);
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
