/** Aborts a run that was cancelled, or whose client has disconnected. */
export class RunCancelled extends Error {
  constructor() {
    super('The run was cancelled.');
    this.name = 'RunCancelled';
  }
}
