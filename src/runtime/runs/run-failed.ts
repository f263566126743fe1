import type { PlatformError } from '../../kernel/errors.ts';
import type { LogRecord } from '../../logs/log-record.ts';

/**
 * A step failed, for a reason outside of the server, and the run cannot go on without it. The run
 * ends, and its log has the message as its `error`.
 */
export class RunFailed extends Error {
  /** Further fields of the log that show the failure. */
  readonly shown: Pick<LogRecord, 'provider_request' | 'provider_response'>;
  /** The error with which the call is answered when the run's first step fails. */
  readonly answer: PlatformError;

  constructor(message: string, { shown, answer }: Pick<RunFailed, 'shown' | 'answer'>) {
    super(message, { cause: answer.cause });
    this.name = 'RunFailed';
    this.shown = shown;
    this.answer = answer;
  }
}
