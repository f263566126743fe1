import type { OutgoingFetch } from '../../outgoing/outgoing-fetch.ts';
import type {
  McpConnect,
  McpConnection,
  McpLimits,
  McpResult,
  McpServer,
  McpTools,
} from './mcp-server.ts';

/**
 * Connects to MCP servers, see `mcpOver`. The MCP client is loaded on first use: without it the
 * server starts faster, and most servers never need it.
 */
export function mcpWhenNeeded(fetch: OutgoingFetch, limits: McpLimits): McpConnect {
  return (server) => new LateConnection(fetch, limits, server);
}

class LateConnection implements McpConnection {
  readonly #open: () => Promise<McpConnection>;
  #connection: Promise<McpConnection> | undefined;

  constructor(fetch: OutgoingFetch, limits: McpLimits, server: McpServer) {
    this.#open = async () => {
      const { mcpOver } = await import('./mcp-connection.ts');
      return mcpOver(fetch, limits)(server);
    };
  }

  async listTools(signal: AbortSignal): Promise<McpTools> {
    return (await this.#opened()).listTools(signal);
  }

  async callTool(
    name: string,
    given: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<McpResult> {
    return (await this.#opened()).callTool(name, given, signal);
  }

  close(): void {
    void this.#connection?.then((connection) => connection.close());
  }

  #opened(): Promise<McpConnection> {
    this.#connection ??= this.#open();
    return this.#connection;
  }
}
