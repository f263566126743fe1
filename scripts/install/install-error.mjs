/** A failure with a message for the user: what happened, and what to do. */
export class InstallError extends Error {
  /** @param options.wasStopped the user has ended it, and wants nothing more. */
  constructor(message, { wasStopped = false } = {}) {
    super(message);
    this.wasStopped = wasStopped;
  }
}
