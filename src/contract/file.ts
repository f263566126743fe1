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

/** For response bodies: they have all documented fields, and may have others. */
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

/** What an evaluator says of the logs of a version, in one number. */
const evaluatorAggregate = Type.Object(
  {
    value: Type.Number({
      description:
        'The mean of numbers, the share of true, or the share of options with a positive valence.',
    }),
    evaluator_id: Type.String(),
    evaluator_version_id: Type.String(),
    created_at: Type.Unsafe<string>({ ...time, description: 'Of the first judgment.' }),
    updated_at: Type.Unsafe<string>({ ...time, description: 'Of the last judgment.' }),
  },
  { ...open, title: 'EvaluatorAggregate' },
);

/** In answers about files that ask a model. */
export const givenDefaultsField = Type.Array(
  oneOf(['temperature', 'top_p', 'presence_penalty', 'frequency_penalty']),
  {
    description:
      'Fields whose default was written out, and is sent to the vendor. The other defaults in this answer are left to the vendor.',
  },
);

/** Asks for what evaluators say of versions. */
export const aggregatesQuery = {
  evaluator_aggregates: Type.Boolean({
    default: false,
    description:
      'Fill `evaluator_aggregates` with what evaluators say of the logs of a version. Logs of Evaluation Runs are left out.',
  }),
};

/** Fields in the answers about files of every kind. */
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
  evaluator_aggregates: optional(Type.Array(evaluatorAggregate)),
};

/** The answer with one page of a list of records. */
export function pageSchema(record: TSchema) {
  return Type.Object({
    records: Type.Array(record),
    page: Type.Integer(),
    size: Type.Integer(),
    total: Type.Integer(),
  });
}

/** Fields of an upsert about the file and the version, besides those that define the version. */
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

/** How to page, filter and sort a list of files. */
export const fileListQuery = Type.Object({
  page: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 }),
  size: Type.Integer({ minimum: 0, maximum: 1_000, default: 10 }),
  name: Type.Optional(Type.String({ description: 'Part of the name. Case is ignored.' })),
  user_filter: Type.Optional(
    Type.String({ description: 'Part of the creator’s email address or name. Case is ignored.' }),
  ),
  sort_by: Type.Unsafe<'created_at' | 'updated_at' | 'name'>({
    type: 'string',
    enum: ['created_at', 'updated_at', 'name'],
    default: 'created_at',
  }),
  order: Type.Unsafe<'asc' | 'desc'>({ type: 'string', enum: ['asc', 'desc'], default: 'desc' }),
});

/**
 * Chooses a version of a file. Without either, it is the one deployed to the default environment.
 */
export const versionQuery = Type.Object({
  version_id: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String({ description: 'The name of an environment.' })),
});

/** Where to move a file, and how to describe it. What is left out stays as it is. */
export const fileChange = Type.Object(
  {
    path: optional(pathSchema),
    name: optional(nameSchema),
    directory_id: optional(Type.String()),
    description: upsertProperties.description,
    tags: upsertProperties.tags,
    readme: upsertProperties.readme,
  },
  checkedByCode(notBoth(hasText('path'), anyOf(hasText('name'), hasText('directory_id')))),
);

/** What can be changed in a version. The fields that define it never change. */
export const versionUpdate = Type.Object({
  name: optional(Type.String({ minLength: 1, maxLength: 255 })),
  description: optional(Type.String()),
});

/** The commit of a version, by older clients. */
export const commitRequest = Type.Object({
  commit_message: Type.String({ description: 'Becomes the description of the version.' }),
});

/** A filter for the list of versions, by older clients. */
export const versionStatusQuery = {
  status: Type.Optional(
    Type.Unsafe<'uncommitted' | 'committed' | 'deleted'>({
      ...oneOf(['uncommitted', 'committed', 'deleted']),
      deprecated: true,
      description: 'Every listed version is `committed`. With another value, the list is empty.',
    }),
  ),
};

/** Makes a change of a deployment depend on what is deployed. */
export const expectedVersionQuery = {
  expected_version_id: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'The version that must be deployed there now; `none` if none may be. If it is otherwise, nothing is changed and the answer is 409. Left out, whatever is there is replaced.',
    }),
  ),
};

/** An environment, with the version of a file that is deployed to it. */
export const fileEnvironment = Type.Object(
  {
    ...environment.properties,
    file: Type.Optional(Type.Ref('FileResponse')),
    deployed_at: Type.Optional(time),
    deployed_by: optional(user),
  },
  { ...open, title: 'FileEnvironmentResponse' },
);
