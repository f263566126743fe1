/** Fragments of SQL that several statements about a run's row share. */

/** Matches the row of a run by its lease: $1 is the organization, $2 the log, $3 the token. */
export const seenRun = 'organization_id = $1 AND log_id = $2 AND lease_token = $3';

/** Like {@link seenRun}, while the run is driven: the condition of every write of a step (R1). */
export const heldRun = `${seenRun} AND state = 'running'`;

/**
 * Sets the lease when a process takes a run. The token rises, so the process that held the lease
 * before can no longer write (R1).
 *
 * @param owner the parameter with the id of the new process: `$4`.
 * @param seconds the parameter with the seconds until the lease expires.
 */
export function taken(owner: string, seconds: string): string {
  return `lease_token = lease_token + 1, lease_owner = ${owner},
        lease_expires_at = now() + make_interval(secs => ${seconds})`;
}

/** Clears the lease of a run that comes to rest. */
export const leaseless = 'lease_owner = NULL, lease_expires_at = NULL';
