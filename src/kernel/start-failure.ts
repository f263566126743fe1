/**
 * Why a server could not start, or a command could not run, for a reason that its operator can fix.
 * The message is one line: it names the setting, says what happened, and then what to do.
 */
export class StartFailure extends Error {
  /**
   * @param happened begins with the name of the setting; without a full stop at its end.
   * @param remedy what to do about it: begins with a verb in lower case, without a full stop at its end.
   * @param cause the error that tells more, if there is one.
   */
  constructor(happened: string, remedy: string, cause?: unknown) {
    const advice = `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}`;
    super(`${happened}. ${advice}.`.replaceAll(/\s+/g, ' '), { cause });
    this.name = 'StartFailure';
  }
}
