import { type TSchema, Type } from 'typebox';
import {
  anyOf,
  checkedByCode,
  hasText,
  nameSchema,
  notBoth,
  pathSchema,
} from './checked-by-code.ts';
import { oneOf, optional } from './nullable.ts';
import { oldName } from './old-names.ts';
import { time } from './time.ts';

/** A response body: what is documented is there; what is not documented may be. */
const open = { additionalProperties: true } as const;

export const environment = Type.Object(
  {
    id: Type.String(),
    created_at: time,
    name: Type.String(),
    tag: oneOf(['default', 'other']),
  },
  { ...open, title: 'EnvironmentResponse' },
);

export const user = Type.Object(
  { id: Type.String(), email_address: Type.String(), full_name: optional(Type.String()) },
  { ...open, title: 'UserResponse' },
);

/** What every kind of file answers. */
export const fileResponseProperties = {
  path: Type.String(),
  id: Type.String(),
  name: Type.String(),
  version_id: Type.String(),
  created_at: time,
  updated_at: time,
  last_used_at: time,
  status: oneOf(['uncommitted', 'committed', 'deleted']),
  directory_id: optional(Type.String()),
  environments: Type.Array(environment),
  created_by: optional(user),
  committed_by: optional(user),
  committed_at: optional(time),
  version_name: optional(Type.String()),
  version_description: optional(Type.String()),
  commit_message: oldName('commit_message', Type.String()),
  description: optional(Type.String()),
  tags: Type.Array(Type.String()),
  readme: optional(Type.String()),
  schema: optional(Type.Record(Type.String(), Type.Unknown())),
  version_logs_count: Type.Integer(),
  total_logs_count: Type.Integer(),
  inputs: Type.Array(Type.Object({ name: Type.String() }, { ...open, title: 'InputResponse' })),
  evaluators: optional(Type.Array(Type.Ref('MonitoringEvaluatorResponse'))),
  evaluator_aggregates: optional(Type.Array(Type.Unknown())),
};

/** One page of a list. */
export function pageOf(record: TSchema) {
  return Type.Object({
    records: Type.Array(record),
    page: Type.Integer(),
    size: Type.Integer(),
    total: Type.Integer(),
  });
}

/** What an upsert says of the file and the version, beside the fields that define the version. */
export const upsertProperties = {
  path: optional(pathSchema),
  id: optional(Type.String()),
  version_name: optional(Type.String({ minLength: 1, maxLength: 255 })),
  version_description: optional(Type.String()),
  commit_message: oldName('commit_message', Type.String()),
  description: optional(Type.String()),
  tags: optional(Type.Array(Type.String())),
  readme: optional(Type.String()),
};

/** How a list of files is paged, narrowed and sorted. */
export const fileListQuery = Type.Object({
  page: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 }),
  size: Type.Integer({ minimum: 0, maximum: 1_000, default: 10 }),
  name: Type.Optional(Type.String({ description: 'Part of the name, in any case.' })),
  user_filter: Type.Optional(
    Type.String({ description: 'Part of the creator’s email address or name, in any case.' }),
  ),
  sort_by: Type.Unsafe<'created_at' | 'updated_at' | 'name'>({
    type: 'string',
    enum: ['created_at', 'updated_at', 'name'],
    default: 'created_at',
  }),
  order: Type.Unsafe<'asc' | 'desc'>({ type: 'string', enum: ['asc', 'desc'], default: 'desc' }),
});

/** Which version of a file is meant; with neither, the one deployed to the default environment. */
export const versionQuery = Type.Object({
  version_id: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String({ description: 'The name of an environment.' })),
});

/** Where a file is to go. */
export const moveRequest = Type.Object(
  { path: optional(pathSchema), name: optional(nameSchema), directory_id: optional(Type.String()) },
  checkedByCode(notBoth(hasText('path'), anyOf(hasText('name'), hasText('directory_id')))),
);

/** What can be changed of a version: nothing of what defines it. */
export const versionUpdate = Type.Object({
  name: optional(Type.String({ minLength: 1, maxLength: 255 })),
  description: optional(Type.String()),
});

/** What older clients say of a version when they commit it. */
export const commitRequest = Type.Object({
  commit_message: Type.String({ description: 'Becomes the description of the version.' }),
});

/** Which versions of a file are listed, in the words of older clients. */
export const versionStatusQuery = {
  status: Type.Optional(
    Type.Unsafe<'uncommitted' | 'committed' | 'deleted'>({
      ...oneOf(['uncommitted', 'committed', 'deleted']),
      deprecated: true,
      description: 'Every version that is listed is `committed`; the others answer nothing.',
    }),
  ),
};

/** An environment, and what is deployed there of a file. */
export const fileEnvironment = Type.Object(
  { ...environment.properties, file: Type.Optional(Type.Ref('FileResponse')) },
  { ...open, title: 'FileEnvironmentResponse' },
);
