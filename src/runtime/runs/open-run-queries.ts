import { batched } from '../../database/batched.ts';
import { hot, jsonList, type Workspace } from '../../database/workspace.ts';
import { chosenVersion, type FileVersionRow, fromRow } from '../../files/file-queries.ts';
import type { FileVersion } from '../../files/file-version.ts';
import type { LastResolved } from '../../files/last-resolved.ts';
import { logColumnNames, logRow, logRows } from '../../logs/log-queries.ts';
import { type LogRecord, type StoredCallOptions, storable } from '../../logs/log-record.ts';
import type { Lease, LeaseHolder } from '../leases/lease.ts';

/** A run to open. */
export interface NewRun {
  readonly record: LogRecord;
  readonly holder: LeaseHolder;
  readonly keepOpen: boolean;
  readonly options: StoredCallOptions;
  readonly parentLogId: string | null;
  /**
   * 1 when runs of the kind start with an event, or else 0. That event has no row: readers derive
   * it from the log.
   */
  readonly eventCount: number;
}

/** Inserts a log and its run, in one statement and one commit. */
export async function openRun(workspace: Workspace, run: NewRun): Promise<Lease> {
  await insertRun(workspace, asOpening(run));
  return firstLease(run);
}

/**
 * Like {@link openRun}, for a version that an earlier request found. The same statement checks that
 * the selector still resolves to this version.
 *
 * @returns the lease, and the version as it is now; undefined when the selector resolves to another
 *   version, and then nothing is written.
 */
export async function openRunIfCurrent(
  workspace: Workspace,
  run: NewRun,
  last: LastResolved,
): Promise<{ readonly lease: Lease; readonly version: FileVersion } | undefined> {
  const version = await insertRunIfCurrent(workspace, { ...asOpening(run), last });
  return version && { lease: firstLease(run), version };
}

/** The lease under which a run is opened. */
export function firstLease({ record }: NewRun): Lease {
  return { logId: record.id, token: 1 };
}

/** The rows of a log and its run. */
export interface Opening {
  readonly holder: LeaseHolder;
  /** The log, as JSON. */
  readonly row: string;
  /** The run, as JSON. */
  readonly run: string;
}

/** The rows that open a run. */
export function asOpening({
  record,
  holder,
  keepOpen,
  options,
  parentLogId,
  eventCount,
}: NewRun): Opening {
  const run = {
    log_id: record.id,
    keep_open: keepOpen,
    // Leave out the suffix with `save: false`: it is text of the client, and must not be stored.
    options: record.save ? options : { ...options, suffix: undefined },
    parent_log_id: parentLogId,
    event_count: eventCount,
  };
  return { holder, row: logRow(storable(record)), run: JSON.stringify(run) };
}

const insertRun = batched(
  async (workspace, openings: readonly Opening[]) => {
    const { text, values } = begunRuns(openings, { parameters: 1, condition: '' });
    await hot(workspace, `/* hot */ WITH ${text} SELECT FROM begun`, [
      workspace.organizationId,
      ...values,
    ]);
    return openings.map(() => undefined);
  },
  { groupOf: ({ holder }) => holder.owner, sizeOf: ({ row }) => row.length },
);

const insertRunIfCurrent = batched(
  async (workspace, openings: readonly (Opening & { readonly last: LastResolved })[]) => {
    const [{ last }] = openings as [Opening & { readonly last: LastResolved }];
    const chosen = chosenVersion(workspace, last.chosen);
    const expected = [last.version.versionId, last.version.path];
    const parameters = chosen.values.length + expected.length;
    const begun = begunRuns(openings, {
      parameters,
      condition: `WHERE EXISTS (SELECT FROM chosen
        WHERE chosen."versionId" = $${parameters - 1} AND chosen.path = $${parameters})`,
    });
    const [row] = await hot<FileVersionRow>(
      workspace,
      `/* hot */ WITH chosen AS MATERIALIZED (${chosen.text}), ${begun.text}
      SELECT * FROM chosen WHERE EXISTS (SELECT FROM begun)`,
      [...chosen.values, ...expected, ...begun.values],
    );
    const version = row && fromRow(row);
    return openings.map(() => version);
  },
  {
    groupOf: ({ holder, last: { chosen, version } }) =>
      JSON.stringify([holder.owner, chosen, version.versionId, version.path]),
    sizeOf: ({ row }) => row.length,
  },
);

/**
 * The CTEs that insert logs and their runs; the last is `begun`. $1 is the organization.
 *
 * @param parameters how many parameters the statement has before these.
 * @param condition a WHERE clause for all rows, or an empty text.
 */
export function begunRuns(
  openings: readonly Opening[],
  { parameters, condition }: { readonly parameters: number; readonly condition: string },
): { readonly text: string; readonly values: readonly unknown[] } {
  const [logs, owner, seconds, runs] = [1, 2, 3, 4].map((place) => `$${parameters + place}`);
  return {
    text: `opened AS (
        INSERT INTO log (${logColumnNames}) ${logRows(String(logs))} ${condition}
        RETURNING organization_id, id),
      begun AS (
        INSERT INTO run (organization_id, log_id, state, lease_owner, lease_expires_at, keep_open,
          options, parent_log_id, event_count)
        SELECT opened.organization_id, opened.id, 'running', ${owner},
          now() + make_interval(secs => ${seconds}), given.keep_open, given.options,
          given.parent_log_id, given.event_count
        FROM opened JOIN json_to_recordset(${runs}::json) AS given (
          log_id text, keep_open boolean, options jsonb, parent_log_id text, event_count integer)
          ON given.log_id = opened.id
        RETURNING log_id)`,
    values: [
      jsonList(openings.map(({ row }) => row)),
      openings[0]?.holder.owner,
      openings[0]?.holder.leaseSeconds,
      jsonList(openings.map(({ run }) => run)),
    ],
  };
}
