import type { Caller } from '../../accounts/authenticate.ts';
import type { FileVersion } from '../../files/file-queries.ts';
import { kindOf } from '../../files/kinds/index.ts';
import { linkedFilesOf } from '../../files/linked-files.ts';
import { monitoringOf } from '../../files/monitoring.ts';
import { fileBody } from './file.ts';

type Query = Readonly<Record<string, unknown>>;

/**
 * Answers about files, whole: with what they link to and the evaluators that watch them.
 *
 * @param query of the request; what it asks for beyond that is loaded too.
 */
export async function fileBodies(
  workspace: Caller['workspace'],
  versions: readonly FileVersion[],
  query: Query = {},
): Promise<Record<string, unknown>[]> {
  const [linked, monitoring, details] = await Promise.all([
    linkedFilesOf(workspace, versions),
    monitoringOf(workspace, [...new Set(versions.map(({ id }) => id))]),
    detailsOf(workspace, versions, query),
  ]);
  return versions.map((version) => fileBody(version, { linked, monitoring, details }));
}

/** The same of one file. */
export async function wholeFileBody(
  workspace: Caller['workspace'],
  version: FileVersion,
  query: Query = {},
): Promise<Record<string, unknown>> {
  const [body] = await fileBodies(workspace, [version], query);
  return body as Record<string, unknown>;
}

async function detailsOf(
  workspace: Caller['workspace'],
  versions: readonly FileVersion[],
  query: Query,
): Promise<ReadonlyMap<string, Query>> {
  const byType = Map.groupBy(versions, ({ type }) => type);
  const loaded = await Promise.all(
    [...byType].map(([type, some]) =>
      kindOf(type).details?.load(
        workspace,
        some.map(({ versionId }) => versionId),
        query,
      ),
    ),
  );
  return new Map(loaded.flatMap((details) => (details ? [...details] : [])));
}
