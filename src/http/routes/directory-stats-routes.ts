import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type DirectoryStatsResponse, directoryStatsResponse } from '../../contract/directory.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type DirectoryStats, readDirectoryStats } from '../../logs/list/directory-stats.ts';
import { answers, nameOperations } from '../document/openapi.ts';

const operation = nameOperations({ collection: 'directories' });

/** What the logs of the files in a directory add up to: `/v5/directories/{id}/log-stats`. */
export function directoryStatsRoutes({
  clock,
}: {
  readonly clock: Clock;
}): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/:id/log-stats',
      {
        schema: {
          ...operation('log_stats'),
          params: Type.Object({ id: Type.String() }),
          ...answers(200, directoryStatsResponse),
        },
      },
      async ({ caller: { workspace }, params: { id } }) =>
        statsBody(await readDirectoryStats(workspace, id, clock.now())),
    );
  };
}

function statsBody({ from, until, bucketSeconds, files }: DirectoryStats): DirectoryStatsResponse {
  return {
    from,
    until,
    bucket_seconds: bucketSeconds,
    files: [...files].map(([id, buckets]) => ({
      file_id: id,
      count: buckets.reduce((sum, { count }) => sum + count, 0),
      errors: buckets.reduce((sum, { errors }) => sum + errors, 0),
      buckets: buckets.map(({ from, count, errors }) => ({ from, count, errors })),
    })),
  };
}
