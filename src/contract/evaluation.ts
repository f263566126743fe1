import { type Static, Type } from 'typebox';
import { checkedByCode, hasText, pathSchema } from './checked-by-code.ts';
import { user } from './file.ts';
import { nullable, oneOf, optional } from './nullable.ts';
import { time } from './time.ts';

const open = { additionalProperties: true } as const;
const id = Type.String({ minLength: 1 });

/** How far an Evaluation or one of its Runs is. */
export const evaluationStatus = oneOf(['pending', 'running', 'completed', 'cancelled']);

/** The most evaluators of an Evaluation. */
export const mostEvaluators = 50;

const fileProperties = { id: optional(id), path: optional(pathSchema) };

/** Names a file by its id or its path. */
export const fileReference = Type.Object(fileProperties, {
  title: 'FileRequest',
  ...checkedByCode({ if: hasText('id', 1), else: hasText('path') }),
});

const versionProperties = {
  version_id: optional(id),
  ...fileProperties,
  environment: optional(
    Type.String({
      minLength: 1,
      description:
        'The name or id of an environment: the version that is deployed there. Without it: the version deployed to the default environment, or the newest if none is deployed there.',
    }),
  ),
};

const namesVersion = checkedByCode({
  if: hasText('version_id', 1),
  else: { if: hasText('id', 1), else: hasText('path') },
});

/** Names a version by its id, or by its file and an environment. */
export const versionReference = Type.Object(versionProperties, {
  title: 'VersionReference',
  ...namesVersion,
});

/** Names the version of an evaluator. */
export const evaluatorReference = Type.Object(
  {
    ...versionProperties,
    orchestrated: optional(
      Type.Boolean({
        description:
          'Whether the server judges. Default: true for evaluators of Python and of models. Human and external evaluators are never run by the server.',
      }),
    ),
  },
  { title: 'EvaluatorReference', ...namesVersion },
);

const evaluators = Type.Array(evaluatorReference, {
  maxItems: mostEvaluators,
  description: 'The evaluators, each in one version. One that is named twice counts once.',
});

/** A new Evaluation. */
export const evaluationRequest = Type.Object({
  evaluators,
  file: optional(fileReference),
  name: optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'Unique among the Evaluations of the file.',
    }),
  ),
});

/** Evaluators to add to an Evaluation. */
export const evaluatorsToAdd = Type.Object({ evaluators });

/** Which Evaluations to list. */
export const evaluationListQuery = Type.Object({
  file_id: Type.String({ minLength: 1, description: 'The file whose Evaluations are listed.' }),
  page: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 }),
  size: Type.Integer({ minimum: 0, maximum: 1_000, default: 10 }),
});

const evaluationEvaluatorResponse = Type.Object(
  {
    version: Type.Ref('EvaluatorResponse'),
    orchestrated: Type.Boolean({ description: 'Whether the server judges.' }),
    added_at: time,
  },
  { ...open, title: 'EvaluationEvaluatorResponse' },
);

/** A named set of evaluators on a file, and the number of its Runs. */
export const evaluationResponse = Type.Object(
  {
    id: Type.String(),
    runs_count: Type.Integer(),
    evaluators: Type.Array(evaluationEvaluatorResponse, {
      description: 'In the order in which they were added.',
    }),
    name: nullable(Type.String()),
    file_id: nullable(
      Type.String({ description: 'Null until a Run or a log gives the Evaluation its file.' }),
    ),
    created_at: time,
    updated_at: time,
    created_by: nullable(user),
    url: Type.String(),
    status: evaluationStatus,
  },
  { ...open, title: 'EvaluationResponse' },
);

export type EvaluationStatus = Static<typeof evaluationStatus>;
export type EvaluationRequest = Static<typeof evaluationRequest>;
export type EvaluatorReference = Static<typeof evaluatorReference>;
export type FileReference = Static<typeof fileReference>;
export type VersionReference = Static<typeof versionReference>;
