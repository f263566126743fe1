/** Parts of statements about a run's row that several of them have. */

/** The run that was seen under a lease: $1 is the organization, $2 the log, $3 the token. */
export const seenRun = 'organization_id = $1 AND log_id = $2 AND lease_token = $3';

/** The run, driven under its lease: what every write of a step is bound to (R1). */
export const heldRun = `${seenRun} AND state = 'running'`;

/**
 * What a run is set to when a process takes it: the token rises, so that the process that had the run
 * cannot write any more (R1).
 *
 * @param owner the parameter with the process that takes it: `$4`.
 * @param seconds the parameter with how long the lease holds.
 */
export function taken(owner: string, seconds: string): string {
  return `lease_token = lease_token + 1, lease_owner = ${owner},
        lease_expires_at = now() + make_interval(secs => ${seconds})`;
}

/** What a run is set to that no process is to drive. */
export const leaseless = 'lease_owner = NULL, lease_expires_at = NULL';
