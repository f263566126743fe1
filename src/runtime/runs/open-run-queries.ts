import { batched } from '../../database/batched.ts';
import { hot, jsonList, type Workspace } from '../../database/workspace.ts';
import { chosenVersion, type FileVersionRow, fromRow } from '../../files/file-queries.ts';
import type { FileVersion } from '../../files/file-version.ts';
import type { LastMeant } from '../../files/last-meant.ts';
import { logColumnNames, logRow, logRows } from '../../logs/log-queries.ts';
import { type LogRecord, type StoredCallOptions, storable } from '../../logs/log-record.ts';
import type { Lease, LeaseHolder } from '../leases/lease.ts';

/** A run that is to be opened. */
export interface NewRun {
  readonly record: LogRecord;
  readonly holder: LeaseHolder;
  readonly keepOpen: boolean;
  readonly options: StoredCallOptions;
  readonly parentLogId: string | null;
  /** 1 when the opening is an event: it has no row, and readers know of it from the log. */
  readonly eventCount: number;
}

/** Opens a log and its run, in one statement and one commit. */
export async function openRun(workspace: Workspace, run: NewRun): Promise<Lease> {
  await insertRun(workspace, asOpening(run));
  return firstLease(run);
}

/**
 * Like {@link openRun}, for a run of a version that was found before: asks in the same statement
 * whether the version is still the one that is meant.
 *
 * @returns with the version as it is now; undefined, and nothing is written, when another is meant.
 */
export async function openRunIfMeant(
  workspace: Workspace,
  run: NewRun,
  last: LastMeant,
): Promise<{ readonly lease: Lease; readonly version: FileVersion } | undefined> {
  const version = await insertRunIfMeant(workspace, { ...asOpening(run), last });
  return version && { lease: firstLease(run), version };
}

function firstLease({ record }: NewRun): Lease {
  return { logId: record.id, token: 1 };
}

/** A log and the run that it is to have. */
interface Opening {
  readonly holder: LeaseHolder;
  /** The log, as JSON. */
  readonly row: string;
  /** The run, as JSON. */
  readonly run: string;
}

function asOpening({
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
    // The suffix is a text of the client's: with `save: false` it must not be stored either.
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

const insertRunIfMeant = batched(
  async (workspace, openings: readonly (Opening & { readonly last: LastMeant })[]) => {
    const [{ last }] = openings as [Opening & { readonly last: LastMeant }];
    const chosen = chosenVersion(workspace, last.chosen);
    const meant = [last.version.versionId, last.version.path];
    const parameters = chosen.values.length + meant.length;
    const begun = begunRuns(openings, {
      parameters,
      condition: `WHERE EXISTS (SELECT FROM chosen
        WHERE chosen."versionId" = $${parameters - 1} AND chosen.path = $${parameters})`,
    });
    const [row] = await hot<FileVersionRow>(
      workspace,
      `/* hot */ WITH chosen AS MATERIALIZED (${chosen.text}), ${begun.text}
      SELECT * FROM chosen WHERE EXISTS (SELECT FROM begun)`,
      [...chosen.values, ...meant, ...begun.values],
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
 * The part of a statement that inserts logs and their runs, as `begun`; its $1 is the organization.
 *
 * @param parameters those that the statement has before.
 * @param condition of all of them; empty: none.
 */
function begunRuns(
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
