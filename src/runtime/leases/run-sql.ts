/** Parts of statements about a run's row that several of them have. */

/** The run that was seen under a lease: $1 is the organization, $2 the log, $3 the token. */
export const seenRun = 'organization_id = $1 AND log_id = $2 AND lease_token = $3';

/** The run, driven under its lease: what every write of a step is bound to (R1). */
export const heldRun = `${seenRun} AND state = 'running'`;

/**
 * What a run that changes hands is set to: the token rises, so that whoever had it writes no more.
 *
 * @param owner the parameter with who takes it: `$4`.
 * @param seconds the parameter with how long the lease holds.
 */
export function taken(owner: string, seconds: string): string {
  return `lease_token = lease_token + 1, lease_owner = ${owner},
        lease_expires_at = now() + make_interval(secs => ${seconds})`;
}

/** What a run that nobody is to drive is set to. */
export const leaseless = 'lease_owner = NULL, lease_expires_at = NULL';
