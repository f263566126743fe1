import {
  ProtocolError,
  SdkError,
  SdkHttpError,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { clipText } from '../../kernel/text.ts';
import { OutgoingRefusal } from '../../outgoing/errors.ts';
import { errorOf, messagesIn } from './mcp-messages.ts';
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
  if (error instanceof SdkHttpError) {
    const reason = reasonIn(error.data.text);
    const said = reason === undefined ? '' : `: ${clipText(redact(reason), longestReason)}`;
    return `The server answered with HTTP status ${error.status}${said || '.'}`;
  }
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

/** What the body of an HTTP error says, as the protocol, OAuth and frameworks for servers write it. */
function reasonIn(body: unknown): string | undefined {
  const [said] = messagesIn(typeof body === 'string' ? body : '');
  if (!said) return undefined;
  const reasons = [
    errorOf(said)?.message,
    ...['error_description', 'message', 'detail', 'title'].map((name) => said[name]),
  ].filter((reason) => typeof reason === 'string' && reason !== '');
  return reasons.length === 0 ? undefined : reasons.join(': ');
}

/** An error and its chain of causes. */
function errorChain(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...errorChain(error.cause)] : [];
}

/**
 * Whether a server no longer knows the session. The protocol says 404, but some servers answer
 * 410, many a 400 that mentions the session, and some a 200 with an error that does.
 */
export function isSessionGone(error: unknown): boolean {
  if (error instanceof ProtocolError) {
    return sessionCodes.includes(error.code) && sessionIsGone.test(error.message);
  }
  if (!(error instanceof SdkHttpError)) return false;
  const { status, message } = error;
  return status === 404 || status === 410 || (status === 400 && /\bsession\b/i.test(message));
}

/** The codes that servers give a lost session: none is in the protocol. */
const sessionCodes: readonly number[] = [-32_000, -32_001, -32_600];

/** A tool's own failure may speak of sessions too, and its call must not be repeated. */
const sessionIsGone = new RegExp(
  '^(bad request: |error: )?' +
    '((the |your )?(mcp-)?session([- ]id)?( \\S+)? ((has|is|was) )?' +
    '(not found|not valid|no longer|expired|unknown|invalid|terminated|required|missing|does not exist)' +
    '|(no|unknown|invalid|missing|expired)( valid)? (mcp-)?session)',
  'i',
);
