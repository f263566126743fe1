/**
 * Why a server could not start, or a command not run, for a reason that the operator can mend. The
 * message is one sentence on one line: the setting, what happened, what to do.
 */
export class StartFailure extends Error {
  /**
   * @param happened begins with the name of the setting; no full stop at the end.
   * @param remedy what to do about it; no full stop at the end.
   * @param cause the error behind it, if there is one.
   */
  constructor(happened: string, remedy: string, cause?: unknown) {
    super(`${happened}: ${remedy}.`.replaceAll(/\s+/g, ' '), { cause });
    this.name = 'StartFailure';
  }
}
