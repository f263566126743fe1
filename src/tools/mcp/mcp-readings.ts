import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/client';
import { isRecord, type JsonObject } from '../../kernel/json-object.ts';
import {
  errorOf,
  type McpAnswer,
  type McpRequest,
  messagesIn,
  methodNotFound,
} from './mcp-messages.ts';
import { readResult } from './mcp-result.ts';
import { ToolList } from './tool-list.ts';

/** What a request of the protocol's client belongs to. */
export interface Operation {
  readonly signal: AbortSignal;
  /** Gets the tools that are listed. */
  readonly list?: ToolList;
}

/** A request, and how to ask the server. */
interface Asking {
  readonly request: McpRequest;
  readonly operation: Operation;
  readonly ask: (request: McpRequest, within?: AbortSignal) => Promise<McpAnswer | Response>;
  /** Whole milliseconds for an answer that the connection can do without. */
  readonly patienceMs: number;
}

/** An answer as the protocol describes it, or an HTTP response that is an error. */
type Reading = (asking: Asking) => Promise<{ result: JsonObject } | { error: object } | Response>;

/** Pages of one list; the protocol lets a server choose the size of a page. */
const mostPages = 100;

/** What every result needs in revision 2026-07-28, and none is refused for in older ones. */
const always = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };

/** How the answer to a request with this method is read. */
export function readingOf(method: string): Reading {
  return readings.get(method) ?? readAny;
}

/** The revision of the protocol that an answer to `initialize` names. */
export function revisionOf(answer: McpAnswer | Response): string | undefined {
  const result = answer instanceof Response ? undefined : answer['result'];
  const named = isRecord(result) ? result['protocolVersion'] : undefined;
  return isText(named) ? named : undefined;
}

const readAny: Reading = async ({ request, ask }) => {
  const answer = await ask(request);
  return answer instanceof Response ? answer : readAnswer(answer, objectOf);
};

const readings: ReadonlyMap<string, Reading> = new Map([
  ['server/discover', discover],
  ['initialize', initialize],
  ['tools/list', listTools],
  ['tools/call', callTool],
]);

/**
 * Asks a server for its revisions. Whatever goes wrong means that it is one of those that know
 * `initialize` only: some answer nothing, a page, or 500 to a method that they do not know.
 */
async function discover({ request, operation, patienceMs, ask }: Asking): ReturnType<Reading> {
  const within = AbortSignal.timeout(patienceMs);
  let answer: McpAnswer | Response;
  try {
    answer = await ask(request, within);
  } catch {
    operation.signal.throwIfAborted();
    return { error: methodNotFound };
  }
  const [said] = answer instanceof Response ? messagesIn(await answer.text()) : [answer];
  const error = errorOf(said ?? {});
  if (error?.code === unsupportedRevision) return { error };
  const result = said?.['result'];
  const versions = isRecord(result) ? [result['supportedVersions']].flat().filter(isText) : [];
  if (versions.length === 0) return { error: methodNotFound };
  return { result: { ...always, supportedVersions: versions, capabilities: { tools: {} } } };
}

/** The code of an error that names the revisions that a server has instead. */
const unsupportedRevision = -32_022;

/**
 * The server's capabilities do not matter: whether it has tools, it is asked. A revision that the
 * client does not know is called by the name of the one that the client has asked for. A server that
 * refuses that one, and names another, is asked for the other.
 */
async function initialize({ request, ask }: Asking): ReturnType<Reading> {
  let answer = await ask(request);
  const other = await supportedBy(answer);
  if (other !== undefined) {
    const params = { ...request.params, protocolVersion: other };
    answer = await ask({ ...request, id: `${request.id}.2`, params });
  }
  if (answer instanceof Response) return answer;
  const named = revisionOf(answer) ?? '';
  const protocolVersion = SUPPORTED_PROTOCOL_VERSIONS.includes(named)
    ? named
    : request.params?.['protocolVersion'];
  return readAnswer(answer, () => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'server', version: '' },
  }));
}

/** The revision that a server names when it refuses the one that it was asked for. */
async function supportedBy(answer: McpAnswer | Response): Promise<string | undefined> {
  const [said] = answer instanceof Response ? messagesIn(await answer.clone().text()) : [answer];
  const data = errorOf(said ?? {})?.data;
  return isRecord(data) ? [data['supported']].flat().find(isText) : undefined;
}

/** Reads all pages. What was read stays when a later page fails. */
async function listTools({ request, operation, ask }: Asking): ReturnType<Reading> {
  const { list = new ToolList() } = operation;
  const seen = new Set<unknown>();
  let asked = request;
  for (let page = 1; ; page++) {
    const answer = await ask(asked);
    const error = answer instanceof Response ? undefined : errorOf(answer);
    if (page === 1 && answer instanceof Response) return answer;
    if (page === 1 && error) return { error };
    if (answer instanceof Response || error) {
      // For some servers an empty cursor is the end.
      if (!seen.has('')) list.notes.push(`its list ended with an error on page ${page}.`);
      break;
    }
    const { result } = answer;
    const goesOn = list.add(result);
    const cursor = isRecord(result) ? result['nextCursor'] : undefined;
    if (!goesOn || cursor == null || seen.has(cursor)) break;
    if (page === mostPages) {
      list.notes.push(`its list has more than ${mostPages} pages, and only these were read.`);
      break;
    }
    seen.add(cursor);
    asked = { ...request, id: `${request.id}.${page + 1}`, params: { ...request.params, cursor } };
  }
  const tools = list.tools.map(({ parameters, ...tool }) => ({ ...tool, inputSchema: parameters }));
  return { result: { ...always, tools } };
}

async function callTool({ request, ask }: Asking): ReturnType<Reading> {
  const answer = await ask(request);
  if (answer instanceof Response) return answer;
  const read = (result: unknown) => {
    const { text, isError } = readResult(result);
    return { content: [{ type: 'text', text }], isError };
  };
  return readAnswer(answer, read);
}

function readAnswer(
  answer: McpAnswer,
  read: (result: unknown) => JsonObject,
): { result: JsonObject } | { error: object } {
  const error = errorOf(answer);
  return error ? { error } : { result: { ...always, ...read(answer['result']) } };
}

function objectOf(value: unknown): JsonObject {
  return isRecord(value) ? value : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
