import { withDoubles } from '../../kernel/exact-json.ts';
import { isRecord, type JsonObject } from '../../kernel/json-object.ts';
import { parseJson } from '../../kernel/read-json.ts';

/** A request of the protocol's client. */
export interface McpRequest {
  readonly jsonrpc: '2.0';
  readonly id: number | string;
  readonly method: string;
  readonly params?: JsonObject;
}

/** A message that answers a request, as a server sent it. */
export type McpAnswer = JsonObject;

/** The answer to a request that a server cannot understand. */
export const methodNotFound = { code: -32_601, message: 'Method not found' };

/** An error as the protocol describes it. */
export interface McpError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** What a text of a server may cost to read. */
const bounds = { name: 'The answer', loc: [], most: { values: 100_000 }, deepest: 1_000 };

/**
 * The messages in a JSON text: one, or a list of them; none when it is no JSON, or has too many
 * values or levels to be read.
 */
export function messagesIn(json: string): readonly JsonObject[] {
  try {
    return [parseJson(json, bounds)].flat().filter(isRecord).map(withPlainEnvelope);
  } catch {
    return [];
  }
}

/** Numbers keep their digits in results alone: an id may come back as `1.0`. */
function withPlainEnvelope(message: JsonObject): JsonObject {
  const plain = withDoubles(message) as JsonObject;
  return plain === message || !('result' in message)
    ? plain
    : { ...plain, result: message['result'] };
}

export function isAnswer(message: JsonObject): boolean {
  return !('method' in message) && ('result' in message || 'error' in message);
}

/**
 * The error of an answer in the form that the protocol gives it; undefined when it has none. Beside
 * a result, some servers have one that says nothing.
 */
export function errorOf({ error, result }: McpAnswer): McpError | undefined {
  if (error == null || (result != null && saysNothing(error))) return undefined;
  if (!isRecord(error)) return { code: -32_603, message: String(error) };
  const { code, message, data } = error;
  const said = typeof message === 'string' ? message : JSON.stringify(error);
  const known = typeof message !== 'string' || data == null ? '' : ` ${JSON.stringify(data)}`;
  return {
    code: Number.isInteger(code) ? (code as number) : -32_603,
    message: said + known,
    ...(data === undefined ? {} : { data }),
  };
}

function saysNothing(error: unknown): boolean {
  return error === '' || error === false || (isRecord(error) && Object.keys(error).length === 0);
}
