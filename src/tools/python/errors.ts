import { PlatformError } from '../../kernel/errors.ts';

/**
 * The sandbox cannot start; everything except Python tools works.
 *
 * @param reason a sentence.
 */
export const pythonUnavailable = (reason: string, cause?: unknown) =>
  new PlatformError(
    'unavailable',
    'python_unavailable',
    `Python tools cannot run on this server. ${reason}`,
    { cause },
  );

/** All processes were busy for as long as a call may wait. */
export const pythonBusy = () =>
  new PlatformError(
    'too_many',
    'python_busy',
    'All Python processes of this server are busy (PYTHON_MAX_PROCESSES). Try again later.',
    { retryAfterSeconds: 5 },
  );
