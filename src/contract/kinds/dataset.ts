import { type Static, Type } from 'typebox';
import { chatMessage } from '../chat.ts';
import { requiresPathOrId } from '../checked-by-code.ts';
import { upsertProperties, versionQuery } from '../file.ts';
import { nullable, oneOf, optional } from '../nullable.ts';

const anyObject = Type.Record(Type.String(), Type.Unknown());

/** The fields that define a version of a dataset, besides its datapoints. */
export const datasetSpec = Type.Object({
  attributes: optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'Any data that distinguishes this version from others.',
    }),
  ),
  datapoints_count: Type.Integer({ minimum: 0 }),
});

const targetValue = Type.Unsafe<unknown>({
  type: ['string', 'number', 'boolean', 'array', 'object'],
  items: {},
});

/** The content of a datapoint: inputs for a file, and the expected result (`target`). */
export const datapointContent = Type.Object(
  {
    inputs: optional(anyObject),
    messages: optional(Type.Array(chatMessage)),
    target: optional(Type.Record(Type.String(), targetValue)),
  },
  { title: 'CreateDatapointRequest' },
);

/** A datapoint of a dataset. Equal datapoints have the same id in all versions. */
export const datapoint = Type.Object(
  {
    id: Type.String(),
    inputs: nullable(anyObject),
    messages: nullable(Type.Array(chatMessage)),
    target: nullable(Type.Record(Type.String(), targetValue)),
  },
  { additionalProperties: true, title: 'DatapointResponse' },
);

const includeDatapoints = Type.Boolean({
  default: false,
  description: 'Include the datapoints.',
});

/** Datapoints to store, and how they change those of the dataset. */
export const datasetUpsert = Type.Object(
  {
    ...upsertProperties,
    datapoints: Type.Array(datapointContent, {
      description: 'Duplicates count once.',
    }),
    action: optional(
      oneOf(['set', 'add', 'remove'], {
        description:
          '`set` (default): the new version has exactly these datapoints. `add`: it has those of another version and these. `remove`: it has those of another version without these.',
      }),
    ),
    attributes: datasetSpec.properties.attributes,
  },
  requiresPathOrId,
);

/** The version from which `add` and `remove` start. Without either, it is the newest version. */
export const datasetUpsertQuery = Type.Object({
  ...versionQuery.properties,
  include_datapoints: includeDatapoints,
});

/** Whether the answer about a dataset includes its datapoints. */
export const datasetQuery = { include_datapoints: Type.Optional(includeDatapoints) };

/**
 * Whether the newest version in a list includes its datapoints. Both values mean the same, since
 * every version is committed.
 */
export const datasetVersionsQuery = {
  include_datapoints: Type.Optional(
    oneOf(['latest_saved', 'latest_committed'], {
      description: 'Include the datapoints of the newest version.',
    }),
  ),
};

/** Which datapoints to list, and of which version. */
export const datapointListQuery = Type.Object({
  ...versionQuery.properties,
  page: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 }),
  size: Type.Integer({ minimum: 0, maximum: 1_000, default: 50 }),
});

/** A form with a CSV file whose rows become datapoints. */
export const datapointsForm = Type.Object({
  file: Type.String({
    format: 'binary',
    description:
      'CSV in UTF-8, with a header. The column `target` becomes the member `target` of the target, and `target.x` its member `x`. The column `messages` has a JSON list of messages. Every other column becomes an input.',
  }),
  version_name: upsertProperties.version_name,
  version_description: upsertProperties.version_description,
  commit_message: upsertProperties.commit_message,
});

export type DatapointContent = Static<typeof datapointContent>;
