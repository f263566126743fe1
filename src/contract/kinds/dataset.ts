import { type Static, Type } from 'typebox';
import { chatMessage } from '../chat.ts';
import { saysWhichFile } from '../checked-by-code.ts';
import { upsertProperties, versionQuery } from '../file.ts';
import { nullable, oneOf, optional } from '../nullable.ts';

const anyObject = Type.Record(Type.String(), Type.Unknown());

/** What defines a version of a dataset, beside its datapoints. */
export const datasetSpec = Type.Object({
  attributes: optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'Anything that should tell this version from others.',
    }),
  ),
  datapoints_count: Type.Integer({ minimum: 0 }),
});

const targetValue = Type.Unsafe<unknown>({
  type: ['string', 'number', 'boolean', 'array', 'object'],
  items: {},
});

/** What a datapoint says: what a file is given, and what should come of it. */
export const datapointContent = Type.Object(
  {
    inputs: optional(anyObject),
    messages: optional(Type.Array(chatMessage)),
    target: optional(Type.Record(Type.String(), targetValue)),
  },
  { title: 'CreateDatapointRequest' },
);

/** A datapoint of a dataset. Equal ones have one id, in whichever version they are. */
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
  description: 'Answer the datapoints, too.',
});

/** Datapoints to store, and how they change those that the dataset has. */
export const datasetUpsert = Type.Object(
  {
    ...upsertProperties,
    datapoints: Type.Array(datapointContent, {
      description: 'What is given twice counts once.',
    }),
    action: optional(
      oneOf(['set', 'add', 'remove'], {
        description:
          'The new version has these datapoints and no others (`set`, the default), those of another version and these (`add`), or those but not these (`remove`).',
      }),
    ),
    attributes: datasetSpec.properties.attributes,
  },
  saysWhichFile,
);

/** From which version `add` and `remove` start; with neither, the one that was made last. */
export const datasetUpsertQuery = Type.Object({
  ...versionQuery.properties,
  include_datapoints: includeDatapoints,
});

/** Whether the answer about a dataset has its datapoints. */
export const datasetQuery = { include_datapoints: Type.Optional(includeDatapoints) };

/** Whether the newest version in a list has its datapoints. Every version is committed. */
export const datasetVersionsQuery = {
  include_datapoints: Type.Optional(
    oneOf(['latest_saved', 'latest_committed'], {
      description: 'Answer the datapoints of the newest version, too.',
    }),
  ),
};

/** Which datapoints of which version. */
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
      'CSV in UTF-8, with a header. The column `target` is the member `target` of the target, `target.x` its member `x`; `messages` is a JSON list of messages; every other column is an input.',
  }),
  version_name: upsertProperties.version_name,
  version_description: upsertProperties.version_description,
  commit_message: upsertProperties.commit_message,
});

export type DatapointContent = Static<typeof datapointContent>;
