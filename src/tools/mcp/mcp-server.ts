/** An MCP server, as a version of an agent names it. */
export interface McpServer {
  readonly url: string;
  /** Sent with every request. The values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A tool that a server lists. */
export interface McpTool {
  readonly name: string;
  readonly description: string;
  /** A JSON Schema of type `object`. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a server lists. */
export interface McpTools {
  readonly tools: readonly McpTool[];
  /** What was left out of the list, or mended: the end of a sentence that begins with the server. */
  readonly notes: readonly string[];
}

/** The result of a tool call. */
export interface McpResult {
  /** For the model: all text of the result, and a word for every other part. */
  readonly text: string;
  /** True when the tool ran and reported a failure. */
  readonly isError: boolean;
}

export interface McpLimits {
  /** Milliseconds for connecting and listing the tools. */
  readonly listTimeoutMs: number;
  /** Milliseconds for one call of a tool. */
  readonly callTimeoutMs: number;
  /** The largest answer of a server in bytes. */
  readonly mostBytes: number;
  /** The most messages in an answer: besides the answer itself, notifications and requests. */
  readonly mostMessages: number;
}

/** A connection to an MCP server for one run. It is opened on first use. */
export interface McpConnection {
  /** @throws McpFailure when the server fails; the reason of `signal` when it is aborted. */
  listTools(signal: AbortSignal): Promise<McpTools>;
  /** @throws McpFailure when the server fails; the reason of `signal` when it is aborted. */
  callTool(
    name: string,
    given: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<McpResult>;
  /** Ends the session if the server supports that. Does not wait for it. */
  close(): void;
}

/** Opens connections to MCP servers. */
export type McpConnect = (server: McpServer) => McpConnection;

/** Why a server's tools cannot be used: a sentence that contains none of the server's headers. */
export class McpFailure extends Error {
  override readonly name = 'McpFailure';
}
