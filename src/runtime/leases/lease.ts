import { PlatformError } from '../../kernel/errors.ts';

/** The right to drive a run. Every write of a step names it; a stale one writes nothing (R1). */
export interface Lease {
  readonly logId: string;
  /** Rises each time the run changes hands. */
  readonly token: number;
}

/** Who takes leases. */
export interface LeaseHolder {
  /** This process. */
  readonly owner: string;
  /** Seconds for which a lease holds unless it is renewed. */
  readonly leaseSeconds: number;
}

/** A lease, and the organization of its run. */
export interface HeldLease extends Lease {
  readonly organizationId: string;
}

/** Another process drives the run now, or its log was deleted: nothing more was written. */
export class LeaseLost extends PlatformError {
  readonly logId: string;

  constructor(logId: string) {
    super(
      'conflict',
      'run_taken_over',
      `The run of log \`${logId}\` is no longer driven here: it was taken over, or its log was deleted.`,
    );
    this.logId = logId;
  }
}

/** Whether the lease that was lost is the one of this log's run, and not of a run below it. */
export function isLost(error: unknown, logId: string): error is LeaseLost {
  return error instanceof LeaseLost && error.logId === logId;
}
