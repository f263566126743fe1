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
 * The tools that a version offers its model. Inline tools are the client's to run; a link to a
 * prompt, an agent or a Python tool is run by the server; any other link is the client's again. A
 * tool of snippets is the template's, and is not offered.
 *
 * A link whose file or version is gone is left out, and noted.
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
    // The tools of an MCP server are listed as a run begins (`remote-tools.ts`), not here: checking a
    // call must not wait for other servers.
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

/** How a call of a linked file is answered: on the server, or by the client. */
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
 * How a linked file is described to the model: a tool has a description; of any other file, each input of
 * its template is a parameter, and without inputs there is one, `message`, if it takes messages.
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
      // A tool without a described function may take more than its known inputs: forbidding more
      // would make vendors drop arguments.
      ...(takes === 'anything' ? {} : { additionalProperties: false }),
    },
  };
}
