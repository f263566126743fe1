import type { components } from '../api/schema.gen.ts';
import type { FileResponse } from '../api/types.ts';

export type Directory = components['schemas']['DirectoryResponse'];
export type DirectoryContent = components['schemas']['DirectoryWithParentsAndChildrenResponse'];

/** What a directory holds: another directory, or a file. */
export type Entry =
  | { readonly type: 'directory'; readonly directory: Directory }
  | { readonly type: 'file'; readonly file: FileResponse };

export function idOf(entry: Entry): string {
  return entry.type === 'file' ? entry.file.id : entry.directory.id;
}

export function nameOf(entry: Entry): string {
  return entry.type === 'file' ? entry.file.name : entry.directory.name;
}

/** The id of the directory in which an entry is; undefined: of the root, which is in none. */
export function parentOf(entry: Entry): string | undefined {
  return (entry.type === 'file' ? entry.file.directory_id : entry.directory.parent_id) ?? undefined;
}

/** `file` or `directory`: what it is called in a sentence. */
export function wordOf(entry: Entry): string {
  return entry.type === 'file' ? entry.file.type : 'directory';
}

/** A path of names, as the API writes it. */
export function joinPath(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
