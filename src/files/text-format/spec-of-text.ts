import type { Workspace } from '../../database/workspace.ts';
import { clipText } from '../../kernel/text.ts';
import { findFile } from '../file-queries.ts';
import type { FileKind } from '../kind.ts';
import { unknownProviders } from '../known-providers.ts';
import { canonicalPath, pathFault } from '../path.ts';
import { checkedSpec, placed } from './parse-spec-text.ts';
import { readSpecText, type SpecText } from './read-spec-text.ts';
import { textRefused } from './text-faults.ts';

/** More tools than a version can have; the schema refuses them later. */
const mostTools = 256;

/**
 * Like `parseSpecText`, but linked files may be named by `path`; the spec has their ids.
 *
 * @throws `invalid`, as `parseSpecText` does, for a path without a file, and for an
 *   unknown provider.
 */
export async function specOfText(
  workspace: Workspace,
  kind: FileKind,
  text: string,
): Promise<Readonly<Record<string, unknown>>> {
  const read = await withLinkedFiles(workspace, readSpecText(kind, text));
  const spec = checkedSpec(kind, read);
  const unknown = await unknownProviders(workspace, kind.providers?.(spec) ?? []);
  if (unknown.length > 0) throw textRefused(read.text, placed(read, unknown), ['body', kind.type]);
  return spec;
}

async function withLinkedFiles(workspace: Workspace, read: SpecText): Promise<SpecText> {
  const { tools } = read.fields;
  if (!Array.isArray(tools) || tools.length > mostTools) return read;
  const faults = [...read.faults];
  const found: unknown[] = [];
  for (const [index, tool] of tools.entries()) {
    const link = linkByPath(tool);
    const file = link && (await fileAt(workspace, link.path));
    if (typeof file === 'string') {
      const offset = read.offsetOf(['tools', index, 'link', 'path']);
      faults.push({ offset, msg: file, type: 'value_error' });
    }
    // Use the path as the id when there is no file: a missing id would be reported as a second
    // fault.
    const fileId = typeof file === 'object' ? file.id : link?.path;
    found.push(link ? { ...tool, link: { ...link.rest, file_id: fileId } } : tool);
  }
  return { ...read, faults, fields: { ...read.fields, tools: found } };
}

/** The file at a path, or a sentence that says why there is none. */
async function fileAt(
  workspace: Workspace,
  given: string,
): Promise<{ readonly id: string } | string> {
  const path = canonicalPath(given);
  const fault = pathFault(path);
  if (fault !== undefined) return fault;
  const file = await findFile(workspace, { by: 'path', value: path });
  return file ?? `There is no file at \`${clipText(path, 100)}\`.`;
}

/** The link of a tool that has a path instead of an id. */
function linkByPath(tool: unknown): { readonly path: string; readonly rest: object } | undefined {
  const { link } = (tool ?? {}) as { readonly link?: unknown };
  if (typeof link !== 'object' || link === null) return undefined;
  const { path, file_id: id, ...rest } = link as { path?: unknown; file_id?: unknown };
  return typeof path === 'string' && id === undefined ? { path, rest } : undefined;
}
