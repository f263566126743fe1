import { type Static, Type } from 'typebox';
import { environment } from './file.ts';
import { oneOf, optional } from './nullable.ts';
import { time } from './time.ts';

const id = Type.String({ minLength: 1 });

const byVersion = { evaluator_version_id: id };
const byEnvironment = {
  evaluator_id: id,
  environment_id: Type.String({
    minLength: 1,
    description: 'The id or name of an environment.',
  }),
};
const sampled = {
  sample_rate: optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      description:
        'The share of logs that are judged. Without it, a new monitor judges all logs, and one that is there keeps its rate.',
    }),
  ),
};

/** Chooses an evaluator: a version of it, or the version that is deployed to an environment. */
const evaluatorChoice = Type.Union([
  Type.Object(byVersion, { title: 'MonitoringEvaluatorVersionRequest' }),
  Type.Object(byEnvironment, { title: 'MonitoringEvaluatorEnvironmentRequest' }),
]);

const sampledEvaluatorChoice = Type.Union([
  Type.Object({ ...byVersion, ...sampled }, { title: 'MonitoringEvaluatorVersionActivation' }),
  Type.Object(
    { ...byEnvironment, ...sampled },
    { title: 'MonitoringEvaluatorEnvironmentActivation' },
  ),
]);

/** Which evaluators start to monitor the logs of a file, and which stop. */
export const monitoringUpdate = Type.Object({
  activate: optional(Type.Array(sampledEvaluatorChoice, { maxItems: 100 })),
  deactivate: optional(Type.Array(evaluatorChoice, { maxItems: 100 })),
});

/** An evaluator that monitors the logs of a file, or did so before. */
export const monitoringEvaluatorResponse = Type.Object(
  {
    version_reference: Type.Unsafe<unknown>({
      discriminator: { propertyName: 'type' },
      required: ['type'],
      oneOf: [
        Type.Object(
          { type: Type.Literal('version'), version: Type.Ref('EvaluatorResponse') },
          { title: 'VersionIdResponse' },
        ),
        Type.Object(
          { type: Type.Literal('environment'), file: Type.Ref('EvaluatorResponse'), environment },
          { title: 'VersionDeploymentResponse' },
        ),
      ],
    }),
    version: optional(Type.Ref('EvaluatorResponse')),
    state: oneOf(['active', 'inactive']),
    sample_rate: Type.Number({ description: 'The share of logs that are judged.' }),
    created_at: time,
    updated_at: time,
  },
  { additionalProperties: true },
);

export type EvaluatorChoice = Static<typeof evaluatorChoice>;
export type MonitoringUpdate = Static<typeof monitoringUpdate>;
