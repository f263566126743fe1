/** A server of tools, as a version of an agent names it. */
export interface McpServer {
  readonly url: string;
  /** Sent with every request. Their values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A tool that a server lists. */
export interface McpTool {
  readonly name: string;
  readonly description: string;
  /** A JSON Schema of an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a call of a tool came to. */
export interface McpResult {
  /** For the model: the text of the result, with a word for each part that is none. */
  readonly text: string;
  /** The tool ran, and says that it failed. */
  readonly isError: boolean;
}

export interface McpLimits {
  /** Milliseconds for a connection and its list of tools. */
  readonly listTimeoutMs: number;
  /** Milliseconds for one call of a tool. */
  readonly callTimeoutMs: number;
  /** Of each answer of a server. */
  readonly mostBytes: number;
}

/** A connection to a server of tools, for the time of one run; it is made when it is first needed. */
export interface McpConnection {
  /** @throws McpFailure. @throws what `signal` was aborted with. */
  listTools(signal: AbortSignal): Promise<readonly McpTool[]>;
  /** @throws McpFailure. @throws what `signal` was aborted with. */
  callTool(
    name: string,
    given: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<McpResult>;
  /** Ends the session, as far as the server lets it be ended; waits for nothing. */
  close(): void;
}

/** Opens connections to servers of tools. */
export type McpConnect = (server: McpServer) => McpConnection;

/** A sentence on why a server's tools cannot be had; it holds none of the server's headers. */
export class McpFailure extends Error {
  override readonly name = 'McpFailure';
}
