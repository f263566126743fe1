import {
  ProtocolError,
  SdkError,
  SdkHttpError,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { clipText } from '../../kernel/text.ts';
import { OutgoingRefusal } from '../../outgoing/errors.ts';
import { McpFailure } from './mcp-server.ts';

/** Characters of what a server says of itself that are passed on. */
const longestReason = 500;

/**
 * What is told of an error: as little as helps, since a message may hold whatever a server answered.
 *
 * @param redact takes secrets out of a text.
 */
export function mcpFailureOf(error: unknown, redact: (text: string) => string): McpFailure {
  return new McpFailure(reasonOf(error, redact));
}

function reasonOf(error: unknown, redact: (text: string) => string): string {
  const causes = causesOf(error);
  const refusal = causes.find((cause) => cause instanceof OutgoingRefusal);
  if (refusal) return refusal.message;
  if (error instanceof UnauthorizedError) return 'The server answered with HTTP status 401.';
  if (error instanceof SdkHttpError) return `The server answered with HTTP status ${error.status}.`;
  if (error instanceof ProtocolError) {
    return `The server refused: ${clipText(redact(error.message), longestReason)}`;
  }
  if (error instanceof McpFailure) return error.message;
  // What `fetch` fails with when there is no connection.
  const isUnreachable = causes.some((cause) => cause instanceof TypeError);
  if (error instanceof SdkError && !isUnreachable) {
    return `The server does not speak MCP as expected (${error.code}).`;
  }
  return 'The connection to the server failed.';
}

/** An error, what caused it, what caused that, and so on. */
function causesOf(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

/**
 * Whether a server says that it does not know a session any more: by the protocol with 404, and many
 * with a 400 that names the session.
 */
export function isSessionGone(error: unknown): boolean {
  if (!(error instanceof SdkHttpError)) return false;
  return error.status === 404 || (error.status === 400 && /\bsession\b/i.test(error.message));
}
