import { PlatformError } from '../kernel/errors.ts';

export const logNotFound = (id: string) =>
  new PlatformError('not_found', 'log_not_found', `There is no log \`${id}\`.`);

export const logsNotFound = (ids: readonly string[]) =>
  new PlatformError(
    'not_found',
    'log_not_found',
    `There are no logs ${ids.map((id) => `\`${id}\``).join(', ')}.`,
  );

export const logIdTaken = (id: string) =>
  new PlatformError(
    'conflict',
    'log_id_taken',
    `Log \`${id}\` already exists and was created by a different request. Use another \`log_id\`.`,
  );

export const logComplete = (id: string) =>
  new PlatformError(
    'conflict',
    'log_complete',
    `Log \`${id}\` is complete and cannot be opened again.`,
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
    `Log \`${id}\` cannot be changed: its run has not ended. ` +
      'To end a suspended run, set `log_status` to `complete`.',
  );

export const evaluationRunNotFound = (id: string) =>
  new PlatformError(
    'not_found',
    'evaluation_run_not_found',
    `There is no evaluation run \`${id}\`.`,
  );
