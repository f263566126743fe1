import { batched } from '../../database/batched.ts';
import { hot, type Workspace } from '../../database/workspace.ts';
import type { Lease } from '../../runtime/leases/lease.ts';
import {
  asOpening,
  begunRuns,
  firstLease,
  type NewRun,
  type Opening,
} from '../../runtime/runs/open-run-queries.ts';
import { evaluationRunEnded } from '../errors.ts';

/** The slot that is reserved for a log. */
interface Reservation {
  readonly runId: string;
  readonly logId: string;
}

/**
 * Writes the log and the run of a call, and ends the reservation of its slot, in one statement. Calls
 * that begin at once share statements and commits.
 *
 * @throws `evaluation_run_ended` (conflict) when the slot is no longer reserved: its Run has ended.
 *   Then nothing is written.
 */
export async function beginReserved(
  workspace: Workspace,
  runId: string,
  run: NewRun,
): Promise<Lease> {
  const begun = await insertReserved(workspace, {
    ...asOpening(run),
    reservation: { runId, logId: run.record.id },
  });
  if (!begun) throw evaluationRunEnded(runId, 'cancelled');
  return firstLease(run);
}

/**
 * Ends the reservation of a slot, because its log is written in this transaction.
 *
 * @throws `evaluation_run_ended` (conflict) when the slot is no longer reserved: its Run has ended.
 */
export async function endReservation(
  workspace: Workspace,
  runId: string,
  logId: string,
): Promise<void> {
  const { text, values } = endedReservations([{ runId, logId }]);
  const rows = await hot(workspace, `/* hot */ ${text}`, [workspace.organizationId, ...values]);
  if (rows.length === 0) throw evaluationRunEnded(runId, 'cancelled');
}

const insertReserved = batched(
  async (workspace, openings: readonly (Opening & { readonly reservation: Reservation })[]) => {
    const ended = endedReservations(openings.map(({ reservation }) => reservation));
    const begun = begunRuns(openings, {
      parameters: 1 + ended.values.length,
      condition: 'WHERE id IN (SELECT log_id FROM ended)',
    });
    const rows = await hot<{ logId: string }>(
      workspace,
      `/* hot */ WITH ended AS (${ended.text}), ${begun.text} SELECT log_id AS "logId" FROM begun`,
      [workspace.organizationId, ...ended.values, ...begun.values],
    );
    const ids = new Set(rows.map(({ logId }) => logId));
    return openings.map(({ reservation }) => ids.has(reservation.logId));
  },
  { groupOf: ({ holder }) => holder.owner, sizeOf: ({ row }) => row.length },
);

/** The UPDATE that ends reservations; $1 is the organization. It returns the ids of the logs. */
function endedReservations(reservations: readonly Reservation[]): {
  readonly text: string;
  readonly values: readonly (readonly string[])[];
} {
  return {
    // Lock the rows in the order in which those who end a Run do: two other orders would deadlock.
    text: `UPDATE evaluation_slot SET lease_owner = NULL, lease_expires_at = NULL
      FROM (SELECT s.run_id, s.position, s.log_id
        FROM unnest($2::text[], $3::text[]) AS given (run_id, log_id)
        JOIN evaluation_slot s ON s.organization_id = $1 AND s.run_id = given.run_id
          AND s.log_id = given.log_id AND s.state = 'started' AND s.lease_expires_at IS NOT NULL
        ORDER BY s.run_id, s.position FOR UPDATE OF s) AS reserved
      WHERE evaluation_slot.organization_id = $1 AND evaluation_slot.run_id = reserved.run_id
        AND evaluation_slot.position = reserved.position
      RETURNING evaluation_slot.log_id`,
    values: [reservations.map(({ runId }) => runId), reservations.map(({ logId }) => logId)],
  };
}
