import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { logFilterProperties, logOrderProperties } from '../../contract/log-filter.ts';
import {
  type LogStatsResponse,
  logStatsQuery,
  logStatsResponse,
} from '../../contract/log-stats.ts';
import { nullable } from '../../contract/nullable.ts';
import { mayMatch } from '../../logs/list/filter-files.ts';
import { type LogStats, noStats, readLogStats } from '../../logs/list/log-stats.ts';
import { findNeighbours } from '../../logs/list/neighbours.ts';
import { answers } from '../document/openapi.ts';
import { readLogFilter } from './log-list-options.ts';

/**
 * What a list of logs adds up to, and the logs beside one in it. The figures are not below `/logs`,
 * where a log may have any name.
 */
export const logOverviewRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/log-stats',
    {
      schema: {
        operationId: 'logs_stats',
        tags: ['logs'],
        querystring: logStatsQuery,
        ...answers(200, logStatsResponse),
      },
    },
    async ({ caller: { workspace }, query }) => {
      const filter = readLogFilter(query);
      const isPossible = await mayMatch(workspace, filter);
      return statsBody(
        isPossible ? await readLogStats(workspace, filter, query.buckets) : noStats(),
      );
    },
  );

  app.get(
    '/logs/:log_id/neighbours',
    {
      schema: {
        operationId: 'logs_neighbours',
        tags: ['logs'],
        params: Type.Object({ log_id: Type.String() }),
        querystring: Type.Object({ ...logFilterProperties, ...logOrderProperties }),
        ...answers(
          200,
          Type.Object({ previous: nullable(Type.String()), next: nullable(Type.String()) }),
        ),
      },
    },
    async ({ caller: { workspace }, params: { log_id: logId }, query }) => {
      const filter = readLogFilter(query);
      if (!(await mayMatch(workspace, filter))) return { previous: null, next: null };
      const sort = { by: query.sort_by, order: query.order };
      return findNeighbours(workspace, logId, { filter, sort });
    },
  );
};

function statsBody({ all, buckets, ...stats }: LogStats): LogStatsResponse {
  return {
    total: all.count,
    total_is_exact: stats.isExact,
    errors: all.errors,
    latency: { p50: all.p50, p95: all.p95, p99: all.p99 },
    cost: all.cost,
    cost_p95: stats.costP95,
    cost_p99: stats.costP99,
    logs_without_cost: all.withoutCost,
    tokens: all.tokens,
    from: stats.from,
    until: stats.until,
    bucket_seconds: stats.bucketSeconds,
    buckets: buckets.map(({ from, count, errors, p50, p95, cost }) => ({
      from,
      count,
      errors,
      p50,
      p95,
      cost,
    })),
  };
}
