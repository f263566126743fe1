import { Type } from 'typebox';
import {
  anyOf,
  checkedByCode,
  hasText,
  nameSchema,
  notBoth,
  pathSchema,
} from './checked-by-code.ts';
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
  { ...open, title: 'DirectoryResponse' },
);

/** A directory, and what is around it. */
export const directoryWithContent = Type.Object(
  {
    ...directoryResponse.properties,
    subdirectories: Type.Array(directoryResponse),
    files: Type.Array(Type.Ref('FileResponse')),
    parents: Type.Array(directoryResponse, { description: 'From the root down.' }),
  },
  { ...open, title: 'DirectoryWithParentsAndChildrenResponse' },
);

const place = {
  path: optional(pathSchema),
  name: optional(nameSchema),
  parent_id: optional(Type.String()),
};

const oneWay = notBoth(hasText('path'), anyOf(hasText('name'), hasText('parent_id')));

/** Where a directory is to be made. */
export const directoryRequest = Type.Object(
  place,
  checkedByCode({ ...oneWay, if: hasText('path'), else: hasText('name') }),
);

/** Where a directory is to go. */
export const directoryMove = Type.Object(place, checkedByCode(oneWay));
