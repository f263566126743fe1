import type { Directory } from '../../files/directories/directory-queries.ts';

/** A directory, as all answers show it. v5 directories have no description and no tags. */
export function directoryBody(directory: Directory) {
  return {
    id: directory.id,
    parent_id: directory.parentId,
    name: directory.name,
    description: null,
    path: directory.path,
    readme: null,
    tags: [],
    created_at: directory.createdAt,
    updated_at: directory.updatedAt,
  };
}
