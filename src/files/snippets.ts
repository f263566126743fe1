import type { Workspace } from '../database/workspace.ts';
import { findLinkedVersions } from './file-queries.ts';
import { type FileVersion, isOfKind } from './file-version.ts';
import { toolKind } from './kinds/tool.ts';
import { linksOf } from './linked-files.ts';
import type { Snippets } from './template/rendering.ts';
import { needsSnippets } from './template/template.ts';

/**
 * The snippets that a template can insert: those of its linked tools. Queries the database only if
 * the template names any.
 */
export async function loadSnippets(workspace: Workspace, version: FileVersion): Promise<Snippets> {
  const { spec } = version;
  if (!('template' in spec) || !needsSnippets(spec)) return new Map();
  return snippetsAmong(await findLinkedVersions(workspace, linksOf(version)));
}

/** Whether a file is a snippet tool: texts by key, which templates insert. */
export function isSnippetTool(file: FileVersion | undefined): boolean {
  return isOfKind(file, toolKind) && file.spec.tool_type === 'snippet';
}

/**
 * The snippets of the tools among some files. A tool is known by the name of its function and the
 * name of its file. Of two tools with the same name, snippet tools win, then the first.
 */
export function snippetsAmong(files: readonly (FileVersion | undefined)[]): Snippets {
  const byName = new Map<string, Readonly<Record<string, unknown>> | null>();
  for (const file of files) {
    if (!isOfKind(file, toolKind)) continue;
    const { function: described, setup_values: texts } = file.spec;
    const snippets = isSnippetTool(file) ? (texts ?? {}) : null;
    for (const name of [described?.name, file.name]) {
      if (name !== undefined && !byName.get(name)) byName.set(name, snippets);
    }
  }
  return byName;
}
