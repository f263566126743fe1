import { PlatformError } from '../kernel/errors.ts';

export const logNotFound = (id: string) =>
  new PlatformError('not_found', 'log_not_found', `There is no log \`${id}\`.`);

export const logIdTaken = (id: string) =>
  new PlatformError(
    'conflict',
    'log_id_taken',
    `There is already a log \`${id}\`, and it was made by another request.`,
  );

export const logComplete = (id: string) =>
  new PlatformError(
    'conflict',
    'log_complete',
    `Log \`${id}\` is complete; it cannot be opened again.`,
  );

export const traceComplete = (id: string) =>
  new PlatformError(
    'conflict',
    'trace_complete',
    `Log \`${id}\` is complete, so no log can be added below it.`,
  );

export const runUnderWay = (id: string) =>
  new PlatformError(
    'conflict',
    'run_under_way',
    `The run of log \`${id}\` has not ended, so its log cannot be changed. ` +
      'One that waits for its client ends with `log_status: complete`.',
  );

export const evaluationRunNotFound = (id: string) =>
  new PlatformError(
    'not_found',
    'evaluation_run_not_found',
    `There is no evaluation run \`${id}\`.`,
  );
