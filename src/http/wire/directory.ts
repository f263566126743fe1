import type { Directory } from '../../files/directories/directory-queries.ts';

/** A directory, as every answer shows it. No route of the v5 API describes or tags one. */
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
