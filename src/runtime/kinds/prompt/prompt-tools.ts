import type { ToolFunction } from '../../../contract/chat.ts';
import type { PromptSpec } from '../../../contract/kinds/prompt.ts';
import type { Workspace } from '../../../database/workspace.ts';
import { findLinkedVersions } from '../../../files/file-queries.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import type { FileLink } from '../../../files/kind.ts';
import { describedFunction } from '../../../files/kinds/tool.ts';
import { linksOf } from '../../../files/linked-files.ts';
import { isSnippetTool, snippetsAmong } from '../../../files/snippets.ts';
import type { OfferedTool, OfferedTools } from '../../runs/run.ts';

/**
 * The tools that a version of a prompt offers to its model: its own and the linked ones. Their
 * calls are returned to the client, and not run. A snippet tool is not offered: the template
 * inserts it.
 *
 * A link whose tool is gone, or describes no function, is left out, with a note.
 */
export function promptTools(
  workspace: Workspace,
  version: FileVersion<'prompt'>,
): Promise<OfferedTools> {
  return offeredByPrompt(workspace, version.spec, linksOf(version));
}

/** The same for a prompt inside of another file. @param links of that file: those of the prompt. */
export async function offeredByPrompt(
  workspace: Workspace,
  prompt: PromptSpec,
  links: readonly FileLink[],
): Promise<OfferedTools> {
  const byName = new Map<string, OfferedTool>();
  const notes: string[] = [];
  const offer = (described: ToolFunction) =>
    byName.set(described.name, { function: described, stops: false, isRunBelow: false });
  for (const tool of prompt.tools ?? []) offer(tool);
  const linked = await findLinkedVersions(workspace, links);
  for (const [index, { fileId }] of links.entries()) {
    if (isSnippetTool(linked[index])) continue;
    const described = describedFunction(linked[index]);
    if (described) offer(described);
    else notes.push(`The linked tool ${fileId} cannot be offered, so it was left out.`);
  }
  return { byName, notes, snippets: snippetsAmong(linked) };
}
