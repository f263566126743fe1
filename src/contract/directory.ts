import { type Static, Type } from 'typebox';
import {
  anyOf,
  checkedByCode,
  hasText,
  nameSchema,
  notBoth,
  pathSchema,
} from './checked-by-code.ts';
import { environment } from './file.ts';
import { nullable, optional } from './nullable.ts';
import { time } from './time.ts';

const open = { additionalProperties: true } as const;

/** A directory, which contains files and other directories. */
export const directoryResponse = Type.Object(
  {
    id: Type.String(),
    parent_id: optional(Type.String({ description: 'Null only for the root.' })),
    name: Type.String(),
    description: optional(Type.String()),
    path: Type.String({ description: 'The path from the root. The path of the root is empty.' }),
    readme: optional(Type.String()),
    tags: Type.Array(Type.String()),
    created_at: time,
    updated_at: time,
  },
  { ...open, title: 'DirectoryResponse' },
);

/** A directory with its subdirectories, files and parents. */
export const directoryWithContent = Type.Object(
  {
    ...directoryResponse.properties,
    subdirectories: Type.Array(directoryResponse),
    files: Type.Array(Type.Ref('FileResponse')),
    deployments: Type.Array(
      Type.Object({
        file_id: Type.String(),
        environment,
        version_id: Type.String(),
        version_name: nullable(Type.String()),
      }),
      { description: 'Where the files are deployed, in whichever version.' },
    ),
    parents: Type.Array(directoryResponse, {
      description: 'All directories above it, from the root down.',
    }),
  },
  { ...open, title: 'DirectoryWithParentsAndChildrenResponse' },
);

const counts = {
  count: Type.Integer(),
  errors: Type.Integer({ description: 'How many of them failed.' }),
};

/** How many logs the files of a directory had lately. */
export const directoryStatsResponse = Type.Object({
  from: { ...time, description: 'Seven days before `until`.' },
  until: time,
  bucket_seconds: Type.Integer({ description: 'How long a bucket is.' }),
  files: Type.Array(
    Type.Object({
      file_id: Type.String(),
      ...counts,
      buckets: Type.Array(Type.Object({ from: time, ...counts }), {
        description: 'The stretches of time that have logs, oldest first.',
      }),
    }),
    { description: 'The files that have logs of this time. The others are left out.' },
  ),
});

export type DirectoryStatsResponse = Static<typeof directoryStatsResponse>;

const place = {
  path: optional(pathSchema),
  name: optional(nameSchema),
  parent_id: optional(Type.String()),
};

const oneWay = notBoth(hasText('path'), anyOf(hasText('name'), hasText('parent_id')));

/** Where to create a directory. */
export const directoryRequest = Type.Object(
  place,
  checkedByCode({ ...oneWay, if: hasText('path'), else: hasText('name') }),
);

/** Where to move a directory. */
export const directoryMove = Type.Object(place, checkedByCode(oneWay));
