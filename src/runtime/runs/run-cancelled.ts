/** The reason of an abort that ends a run for good: it was cancelled, or its client has gone. */
export class RunCancelled extends Error {
  constructor() {
    super('The run was cancelled.');
    this.name = 'RunCancelled';
  }
}
