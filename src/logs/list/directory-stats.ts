import type { Workspace } from '../../database/workspace.ts';
import { requireDirectory } from '../../files/directories/directory-place.ts';
import { type Timestamp, timestamp } from '../../kernel/clock.ts';
import { countInDirectory, type FileBucket } from './directory-stats-queries.ts';

/** A week, in quarters of a day. */
const days = 7;
const bucketSeconds = 6 * 3_600;

/** What happened in the last seven days with the files that are directly in a directory. */
export interface DirectoryStats {
  readonly from: Timestamp;
  readonly until: Timestamp;
  readonly bucketSeconds: number;
  /** Those that have logs, by their ids; each with the stretches of time that have some, oldest first. */
  readonly files: ReadonlyMap<string, readonly FileBucket[]>;
}

/**
 * Counts the logs of the files that are directly in a directory, and how many of them failed.
 *
 * @param now the end of the seven days.
 * @throws `directory_not_found` (not_found).
 */
export async function readDirectoryStats(
  workspace: Workspace,
  id: string,
  now: Date,
): Promise<DirectoryStats> {
  const directory = await requireDirectory(workspace, id);
  const from = timestamp(new Date(now.getTime() - days * 86_400_000));
  const span = { from, seconds: bucketSeconds };
  const buckets = await countInDirectory(workspace, directory.id, span);
  const files = Map.groupBy(buckets, ({ file_id }) => file_id);
  return { from, until: timestamp(now), bucketSeconds, files };
}
