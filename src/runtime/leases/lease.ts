import { PlatformError } from '../../kernel/errors.ts';

/** The right to drive a run. Every write of a step names it; a stale one writes nothing (R1). */
export interface Lease {
  readonly logId: string;
  /** Rises each time another process takes the run. */
  readonly token: number;
}

/** A process that can hold leases. */
export interface LeaseHolder {
  /** The id of the process. */
  readonly owner: string;
  /** Seconds after which a lease expires unless the process renews it. */
  readonly leaseSeconds: number;
}

/** A lease, and the organization of its run. */
export interface HeldLease extends Lease {
  readonly organizationId: string;
}

/**
 * The lease is stale: another process has taken the run, or its log was deleted. Nothing was
 * written.
 */
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

/**
 * Whether the error is about the lease of this log's run, and not about the lease of a child run.
 */
export function isLost(error: unknown, logId: string): error is LeaseLost {
  return error instanceof LeaseLost && error.logId === logId;
}
