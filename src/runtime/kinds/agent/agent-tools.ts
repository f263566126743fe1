import type { ToolCall, ToolFunction } from '../../../contract/chat.ts';
import type { Workspace } from '../../../database/workspace.ts';
import { findLinkedVersions } from '../../../files/file-queries.ts';
import { type FileVersion, isOfKind } from '../../../files/file-version.ts';
import { kindOf } from '../../../files/kinds/index.ts';
import { describedFunction, toolKind } from '../../../files/kinds/tool.ts';
import { linksOf } from '../../../files/linked-files.ts';
import { isSnippetTool, snippetsAmong } from '../../../files/snippets.ts';
import type { OfferedTool, OfferedTools } from '../../runs/run.ts';
import type { KindRun } from '../runtime-parts.ts';
import { isPythonTool } from '../tool/python-tool.ts';
import { freeName } from './function-name.ts';
import { runLinkedAgent } from './run-linked-agent.ts';
import { runLinkedPrompt } from './run-linked-prompt.ts';
import { runLinkedTool } from './run-linked-tool.ts';

/**
 * The tools that a version offers to its model. The client answers calls of inline tools. The
 * server answers calls of linked prompts, agents and Python tools. The client answers calls of
 * other linked tools. A snippet tool is not offered: the template inserts it.
 *
 * A link whose file or version is gone is left out, with a note.
 */
export async function agentTools(
  workspace: Workspace,
  version: FileVersion<'agent'>,
): Promise<OfferedTools> {
  const byName = new Map<string, OfferedTool>();
  const notes: string[] = [];
  const linked = await findLinkedVersions(workspace, linksOf(version));
  const files = linked.values();
  const tools = version.spec.tools ?? [];
  const given = new Set([
    ...tools.flatMap((tool) => (tool.type === 'inline' ? [tool.json_schema.name] : [])),
    ...linked.flatMap((file) => describedFunction(file)?.name ?? []),
  ]);
  for (const tool of tools) {
    const stops = tool.on_agent_call === 'stop';
    if (tool.type === 'inline') {
      byName.set(tool.json_schema.name, { function: tool.json_schema, stops, isRunBelow: false });
      continue;
    }
    // Skip MCP servers: `remote-tools.ts` lists their tools when the run begins. Checking a call
    // must not wait for other servers.
    if (tool.type === 'mcp') continue;
    const file = files.next().value;
    if (!file) {
      notes.push(`The linked file ${tool.link.file_id} does not exist, so its tool was left out.`);
      continue;
    }
    if (isSnippetTool(file)) continue;
    const described = describe(file, (name) => given.has(name) || byName.has(name));
    byName.set(described.name, {
      function: described,
      stops,
      ...answering(file, described),
    });
  }
  const snippets = linked.some(isSnippetTool) ? snippetsAmong(linked) : undefined;
  return { byName, notes, snippets };
}

/** How a call of a linked file is answered; without `answer`, the client answers it. */
function answering(
  file: FileVersion,
  described: ToolFunction,
): Pick<OfferedTool, 'answer' | 'isRunBelow'> {
  if (file.type === 'agent') {
    return {
      answer: (run: KindRun<'agent'>, call) => runLinkedAgent(run, call, file),
      isRunBelow: true,
    };
  }
  if (file.type === 'prompt') {
    return { answer: (run: KindRun, call) => runLinkedPrompt(run, call, file), isRunBelow: false };
  }
  if (isOfKind(file, toolKind) && isPythonTool(file)) {
    const answer = (run: KindRun, call: ToolCall) => runLinkedTool(run, call, file, described);
    return { answer, isRunBelow: false };
  }
  return { isRunBelow: false };
}

/**
 * The function that describes a linked file to the model. A tool has its own description. For any
 * other file, each input of its template is a parameter; a file without inputs that accepts
 * messages has the parameter `message`.
 */
function describe(file: FileVersion, isTaken: (name: string) => boolean): ToolFunction {
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
      // Allow further parameters for a tool without a description: it may take more than its known
      // inputs, and vendors drop arguments that the schema forbids.
      ...(takes === 'anything' ? {} : { additionalProperties: false }),
    },
  };
}
