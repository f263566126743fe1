import type { ToolCall } from '../../../contract/chat.ts';
import { agentKind } from '../../../files/kinds/agent.ts';
import {
  listMcpTools,
  openHeaders,
  type StoredMcpTool,
} from '../../../files/secrets/mcp-headers.ts';
import { type McpConnection, McpFailure, type McpTools } from '../../../tools/mcp/mcp-server.ts';
import type { Running } from '../../events/run-event.ts';
import { toolMessage } from '../../runs/call-answer.ts';
import type { OfferedTool, ToolOutcome } from '../../runs/run.ts';
import type { KindRun } from '../runtime-parts.ts';
import { argumentsOf, badArguments } from './call-arguments.ts';
import { freeName } from './function-name.ts';
import { answerWith } from './linked-call.ts';

/**
 * Adds the tools of the agent's MCP servers to a run, and executes its steps. The tools are listed
 * once, before the run's next model call. The connections belong to the run, and are closed with
 * it. A server that cannot be listed becomes a note in the log's `stdout`, and the run goes on
 * without its tools.
 *
 * @throws the reason of the run's signal.
 */
export async function* withRemoteTools<Result>(
  run: KindRun<'agent'>,
  steps: Running<Result>,
): Running<Result> {
  const servers = listMcpTools(agentKind, run.version.spec);
  const listed = servers.map((tool) => listedServer(run, tool));
  try {
    for (const server of await Promise.all(listed)) offer(run, server);
    return yield* steps;
  } finally {
    for (const server of listed) server.then(({ connection }) => connection?.close(), ignore);
  }
}

/** Tools of one server that are offered. Vendors accept about 128 in all. */
const mostTools = 256;

interface ListedServer {
  readonly tool: StoredMcpTool;
  /** Undefined when the server could not be listed. */
  readonly connection: McpConnection | undefined;
  readonly listed: McpTools;
  readonly failure: string | undefined;
}

async function listedServer(run: KindRun<'agent'>, tool: StoredMcpTool): Promise<ListedServer> {
  let connection: McpConnection | undefined;
  try {
    const headers = openedHeaders(run, tool);
    connection = run.parts.mcp({ url: tool.server.url, headers });
    const listed = await connection.listTools(run.signal);
    return { tool, connection, listed, failure: undefined };
  } catch (error) {
    connection?.close();
    if (!(error instanceof McpFailure)) throw error;
    const listed = { tools: [], notes: [] };
    return { tool, connection: undefined, listed, failure: error.message };
  }
}

function openedHeaders(
  run: KindRun<'agent'>,
  tool: StoredMcpTool,
): Readonly<Record<string, string>> {
  try {
    return openHeaders(run.workspace, run.parts.secrets, tool);
  } catch (cause) {
    throw new McpFailure(
      'Its headers were encrypted with a secret key that the server no longer has. Set them again.',
      {
        cause,
      },
    );
  }
}

/** Adds the tools of a server to the run. Missing tools become a note. */
function offer(run: KindRun<'agent'>, { tool, connection, listed, failure }: ListedServer): void {
  // Note only the origin: the path or query may contain a token, and many people read logs.
  const { origin } = new URL(tool.server.url);
  if (failure !== undefined || connection === undefined) {
    run.notes.add([`The tools of ${origin} were left out: ${failure ?? ''}`]);
    return;
  }
  run.notes.add(listed.notes.map((note) => `The server ${origin}: ${note}`));
  const allowed = tool.allowed_tools;
  const missing = (allowed ?? []).filter((name) => !listed.tools.some((one) => one.name === name));
  if (missing.length > 0) {
    run.notes.add([`The server ${origin} does not have these tools: ${missing.join(', ')}.`]);
  }
  const wanted = listed.tools.filter(({ name }) => !allowed || allowed.includes(name));
  if (wanted.length > mostTools) {
    const count = `the first ${mostTools} of its ${wanted.length} tools are offered`;
    run.notes.add([`The server ${origin}: only ${count}; \`allowed_tools\` can name others.`]);
  }
  const added = new Map<string, OfferedTool>();
  for (const { name, description, parameters } of wanted.slice(0, mostTools)) {
    const isTaken = (known: string) => run.tools.byName.has(known) || added.has(known);
    const known = isFunctionName.test(name) && !isTaken(name) ? name : freeName(name, isTaken);
    added.set(known, {
      function: { name: known, description, parameters },
      stops: tool.on_agent_call === 'stop',
      answer: (run: KindRun<'agent'>, call) => runRemoteTool(run, call, { connection, name }),
      isRunBelow: false,
    });
  }
  run.addTools(added);
}

/** A tool of an MCP server. */
interface RemoteTool {
  readonly connection: McpConnection;
  /** The server's name for the tool. The model may know it by another name. */
  readonly name: string;
}

/** Matches names that vendors accept for a function. Gemini's begin with a letter or `_`. */
const isFunctionName = /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/;

/**
 * Answers a tool call by calling its MCP server. The tool has no file, so the call has no log: it
 * and its result are only in the turn of the agent's log.
 */
async function* runRemoteTool(
  run: KindRun<'agent'>,
  call: ToolCall,
  { connection, name }: RemoteTool,
): Running<ToolOutcome> {
  yield { type: 'tool_start', child: { id: run.record.id, version: run.version }, call };
  const given = argumentsOf(call);
  const output = given ? await askServer(run, connection, name, given) : `Error: ${badArguments}`;
  yield* answerWith(run, toolMessage(call, output));
  return { type: 'answered', output };
}

async function askServer(
  run: KindRun<'agent'>,
  connection: McpConnection,
  name: string,
  given: Readonly<Record<string, unknown>>,
): Promise<string> {
  try {
    const { text, isError } = await connection.callTool(name, given, run.signal);
    return isError ? `Error: ${text}` : text;
  } catch (error) {
    if (error instanceof McpFailure) return `Error: ${error.message}`;
    throw error;
  }
}

function ignore(): void {
  // Swallowed on purpose: `withRemoteTools` awaits the same promise and throws this error.
}
