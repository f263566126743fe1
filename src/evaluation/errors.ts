import { PlatformError } from '../kernel/errors.ts';

export { evaluationRunNotFound } from '../logs/errors.ts';

export const evaluationNotFound = (id: string) =>
  new PlatformError('not_found', 'evaluation_not_found', `There is no evaluation \`${id}\`.`);

export const evaluationRunEnded = (id: string, status: string) =>
  new PlatformError(
    'conflict',
    'evaluation_run_ended',
    `Evaluation run \`${id}\` has ended: it is \`${status}\`.`,
  );

export const evaluationNameTaken = (name: string, evaluationId: string | null) =>
  new PlatformError(
    'conflict',
    'evaluation_name_taken',
    `This file already has an evaluation named \`${name}\`.`,
    { fields: { evaluation_id: evaluationId } },
  );

export const evaluatorNotInEvaluation = (versionId: string) =>
  new PlatformError(
    'not_found',
    'version_not_found',
    `Version \`${versionId}\` is not among the evaluators of this evaluation.`,
  );

export const notOrchestratable = (reason: string) =>
  new PlatformError('invalid', 'not_orchestratable', reason);
