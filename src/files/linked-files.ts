import type { Workspace } from '../database/workspace.ts';
import { type FileVersion, findFileVersion, type VersionChoice } from './file-queries.ts';

/** A link of a spec to another file. */
export interface Link {
  readonly file_id: string;
  readonly version_id?: string | null | undefined;
  readonly environment_id?: string | null | undefined;
}

/** The version that a link means: pinned, followed, or deployed by default; undefined if it is gone. */
export function findLinkedVersion(
  workspace: Workspace,
  link: Link,
): Promise<FileVersion | undefined> {
  let choice: VersionChoice = { by: 'default' };
  if (link.environment_id) choice = { by: 'environment_id', value: link.environment_id };
  if (link.version_id) choice = { by: 'version', value: link.version_id };
  return findFileVersion(workspace, { by: 'id', value: link.file_id }, choice);
}

/** The files that a version links to as tools, by the links themselves. */
export type LinkedFiles = ReadonlyMap<Link, FileVersion>;

/** What the tools of a version link to; a link to what is gone is left out. */
export async function linkedFilesOf(
  workspace: Workspace,
  version: FileVersion,
): Promise<LinkedFiles> {
  const tools = version.spec['tools'];
  const files = new Map<Link, FileVersion>();
  for (const { link } of (Array.isArray(tools) ? tools : []) as { link?: Link }[]) {
    const file = link && (await findLinkedVersion(workspace, link));
    if (file) files.set(link, file);
  }
  return files;
}
