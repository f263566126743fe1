import {
  ProtocolError,
  SdkError,
  SdkHttpError,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { clipText } from '../../kernel/text.ts';
import { OutgoingRefusal } from '../../outgoing/errors.ts';
import { McpFailure } from './mcp-server.ts';

/** The most characters of a server's own error message that are passed on. */
const longestReason = 500;

/**
 * An error as an McpFailure. It says little on purpose, since an error message may contain anything
 * that the server answered.
 *
 * @param redact removes secrets from a text.
 */
export function toMcpFailure(error: unknown, redact: (text: string) => string): McpFailure {
  return new McpFailure(describeFailure(error, redact));
}

function describeFailure(error: unknown, redact: (text: string) => string): string {
  const causes = errorChain(error);
  const refusal = causes.find((cause) => cause instanceof OutgoingRefusal);
  if (refusal) return refusal.message;
  if (error instanceof UnauthorizedError) return 'The server answered with HTTP status 401.';
  if (error instanceof SdkHttpError) return `The server answered with HTTP status ${error.status}.`;
  if (error instanceof ProtocolError) {
    return `The server refused: ${clipText(redact(error.message), longestReason)}`;
  }
  if (error instanceof McpFailure) return error.message;
  // `fetch` throws a TypeError when there is no connection.
  const isUnreachable = causes.some((cause) => cause instanceof TypeError);
  if (error instanceof SdkError && !isUnreachable) {
    return `The server does not speak MCP as expected (${error.code}).`;
  }
  return 'The connection to the server failed.';
}

/** An error and its chain of causes. */
function errorChain(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...errorChain(error.cause)] : [];
}

/**
 * Whether a server no longer knows the session. The protocol says 404, but many servers answer a
 * 400 that mentions the session.
 */
export function isSessionGone(error: unknown): boolean {
  if (!(error instanceof SdkHttpError)) return false;
  return error.status === 404 || (error.status === 400 && /\bsession\b/i.test(error.message));
}
