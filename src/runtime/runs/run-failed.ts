import type { PlatformError } from '../../kernel/errors.ts';
import type { LogRecord } from '../../logs/log-record.ts';

/**
 * A step failed that the run cannot go on without, for a reason outside of the server. The run ends,
 * and its log shows the message.
 */
export class RunFailed extends Error {
  /** What else the log shows of it. */
  readonly shown: Pick<LogRecord, 'provider_request' | 'provider_response'>;
  /** How the request is answered that waited for nothing else. */
  readonly answer: PlatformError;

  constructor(message: string, { shown, answer }: Pick<RunFailed, 'shown' | 'answer'>) {
    super(message, { cause: answer.cause });
    this.name = 'RunFailed';
    this.shown = shown;
    this.answer = answer;
  }
}
