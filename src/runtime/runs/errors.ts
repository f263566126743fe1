import { PlatformError } from '../../kernel/errors.ts';

/** The server is stopping; the run is on disk and can be taken over. */
export const serverStopping = () =>
  new PlatformError(
    'unavailable',
    'server_stopping',
    'The server is stopping. The run is kept and can go on elsewhere.',
    { retryAfterSeconds: 5 },
  );

/** A slot is free when one of the runs has come to rest; most take some seconds. */
export const tooManyRuns = (atOnce: number) =>
  new PlatformError(
    'too_many',
    'too_many_runs',
    `The organization has as many runs under way as it may have at once: ${atOnce}.`,
    { retryAfterSeconds: 5 },
  );

/** A run that has ended cannot be cancelled. */
export const runEnded = (logId: string) =>
  new PlatformError(
    'conflict',
    'run_ended',
    `Log \`${logId}\` has no run that could be cancelled: it has ended.`,
  );

/** The run that asked waits for other tools first. */
export const parentUnderWay = (logId: string, parentId: string) =>
  new PlatformError(
    'conflict',
    'parent_under_way',
    `Log \`${logId}\` answers a call of log \`${parentId}\`, which still runs other tools. Continue it when that one is suspended.`,
  );

/** The stream of a run that ended long ago is not kept. */
export const eventsGone = (logId: string) =>
  new PlatformError(
    'not_found',
    'events_gone',
    `The events of log \`${logId}\` are not there: it is not the log of a call, its payloads are not stored, or its run ended more than an hour ago. What came of it is in the log.`,
  );

export const notSuspended = (logId: string, why: string) =>
  new PlatformError('conflict', 'not_suspended', `Log \`${logId}\` cannot be continued: ${why}`);

export const continueUnderWay = (logId: string) =>
  new PlatformError(
    'conflict',
    'continue_under_way',
    `Log \`${logId}\` is being continued by another request with other messages.`,
  );
