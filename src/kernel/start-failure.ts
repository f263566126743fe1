/**
 * Why a server could not start, or a command not run, for a reason that its operator can mend. The
 * message is one sentence on one line: it names the setting, says what happened, and what to do.
 */
export class StartFailure extends Error {
  /**
   * @param happened begins with the name of the setting, and has no full stop.
   * @param remedy what to do about it, without a full stop.
   * @param cause where there is an error that tells more.
   */
  constructor(happened: string, remedy: string, cause?: unknown) {
    super(`${happened}: ${remedy}.`.replaceAll(/\s+/g, ' '), { cause });
    this.name = 'StartFailure';
  }
}
