import { Type } from 'typebox';
import { optional } from './nullable.ts';
import { time } from './time.ts';

const open = { additionalProperties: true } as const;

/** A place for files and further directories. */
export const directoryResponse = Type.Object(
  {
    id: Type.String(),
    parent_id: optional(Type.String({ description: 'Null for the root alone.' })),
    name: Type.String(),
    description: optional(Type.String()),
    path: Type.String({ description: 'From the root, whose path is empty.' }),
    readme: optional(Type.String()),
    tags: Type.Array(Type.String()),
    created_at: time,
    updated_at: time,
  },
  open,
);

/** A directory, and what is around it. */
export const directoryWithContent = Type.Object(
  {
    ...directoryResponse.properties,
    subdirectories: Type.Array(directoryResponse),
    files: Type.Array(Type.Ref('FileResponse')),
    parents: Type.Array(directoryResponse, { description: 'From the root down.' }),
  },
  open,
);

/** Where a directory is to be. */
export const directoryRequest = Type.Object({
  path: optional(Type.String({ description: 'The whole path, with the name.' })),
  name: optional(Type.String()),
  parent_id: optional(Type.String()),
});
