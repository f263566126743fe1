import type { ToolFunction } from '../../../contract/chat.ts';
import type { AgentSpec } from '../../../contract/kinds/agent.ts';
import type { Workspace } from '../../../database/workspace.ts';
import { findLinkedVersions } from '../../../files/file-queries.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import { kindOf } from '../../../files/kinds/index.ts';
import { describedFunction } from '../../../files/kinds/tool.ts';
import { linksOf } from '../../../files/linked-files.ts';
import { isSnippetTool, snippetsAmong } from '../../../files/snippets.ts';
import type { Snippets } from '../../../files/template/rendering.ts';
import type { McpConnection } from '../../../tools/mcp/mcp-server.ts';
import { isPythonTool } from '../tool/python-tool.ts';

/** A tool that an agent's model is offered. */
export interface OfferedTool {
  readonly function: ToolFunction;
  /** A call of it ends the turn. */
  readonly stops: boolean;
  /** The file that the server runs for it; undefined when its result is the client's to give. */
  readonly file: FileVersion | undefined;
  /** The tool of a server, which is asked in place of a file; see `remote-tools.ts`. */
  readonly remote?: RemoteTool;
}

/** A tool of a server, as a run can call it. */
export interface RemoteTool {
  readonly connection: McpConnection;
  /** As the server knows it; a model may know it by another. */
  readonly name: string;
}

/** The tools of an agent, by the names that its model knows them by. */
export interface AgentTools {
  readonly byName: ReadonlyMap<string, OfferedTool>;
  /** What could not be offered, one sentence each. */
  readonly notes: readonly string[];
  /** What references to tools insert into the template; undefined: they stay as they are. */
  readonly snippets: Snippets | undefined;
}

/** The longest name that vendors take for a function. */
const longestName = 64;

/**
 * The tools that a version offers its model. Inline tools are the client's to run; a link to a
 * prompt, an agent or a Python tool is run by the server; any other link is the client's again. A
 * tool of snippets is the template's, and is not offered.
 *
 * A link whose file or version is gone is left out, and noted.
 */
export async function offeredTools(
  workspace: Workspace,
  version: FileVersion,
): Promise<AgentTools> {
  const byName = new Map<string, OfferedTool>();
  const notes: string[] = [];
  const linked = await findLinkedVersions(workspace, linksOf(version));
  const files = linked.values();
  const tools = (version.spec as AgentSpec).tools ?? [];
  const given = new Set([
    ...tools.flatMap((tool) => (tool.type === 'inline' ? [tool.json_schema.name] : [])),
    ...linked.flatMap((file) => describedFunction(file)?.name ?? []),
  ]);
  for (const tool of tools) {
    const stops = tool.on_agent_call === 'stop';
    if (tool.type === 'inline') {
      byName.set(tool.json_schema.name, { function: tool.json_schema, stops, file: undefined });
      continue;
    }
    // What a server has is known only when it is asked, as a run begins.
    if (tool.type === 'mcp') continue;
    const file = files.next().value;
    if (!file) {
      notes.push(`The linked file ${tool.link.file_id} is not there, so its tool was left out.`);
      continue;
    }
    if (isSnippetTool(file)) continue;
    const described = functionOf(file, (name) => given.has(name) || byName.has(name));
    byName.set(described.name, {
      function: described,
      stops,
      file: isRunnable(file) ? file : undefined,
    });
  }
  const snippets = linked.some(isSnippetTool) ? snippetsAmong(linked) : undefined;
  return { byName, notes, snippets };
}

/** Whether the server can run a file for a model. */
function isRunnable(file: FileVersion): boolean {
  return file.type === 'prompt' || file.type === 'agent' || isPythonTool(file);
}

/**
 * What a model is told of a linked file: a tool describes itself; of anything else, each input of
 * its template is a parameter, and without inputs there is one, `message`, if it takes messages.
 */
function functionOf(file: FileVersion, isTaken: (name: string) => boolean): ToolFunction {
  const own = describedFunction(file);
  if (own) return own;
  const { inputNames, takesAsTool } = kindOf(file.type);
  const inputs = inputNames(file.spec);
  const takes = takesAsTool?.(file.spec);
  const names = inputs.length === 0 && takes === 'message' ? ['message'] : inputs;
  return {
    name: freeName(file.name, isTaken),
    description: file.description ?? `Run ${file.name}`,
    parameters: {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
      required: [...names],
      // Of a tool that does not describe its function, nobody knows what it takes.
      ...(takes === 'anything' ? {} : { additionalProperties: false }),
    },
  };
}

/** A name for a function that no other tool has, made from another name. */
export function freeName(fileName: string, isTaken: (name: string) => boolean): string {
  const name = fileName
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .slice(0, longestName);
  for (let n = 2, free = name; ; n++) {
    if (!isTaken(free)) return free;
    const suffix = `_${n}`;
    free = name.slice(0, longestName - suffix.length) + suffix;
  }
}
