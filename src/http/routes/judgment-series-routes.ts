import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { judgmentSeries, judgmentSeriesQuery } from '../../contract/judgment-series.ts';
import { readJudgmentSeries } from '../../evaluation/stats/judgment-series.ts';
import type { FileKind } from '../../files/kind.ts';
import { getVersion, requireFile } from '../../files/resolve-version.ts';
import { type Clock, timestamp } from '../../kernel/clock.ts';
import { invalid } from '../../kernel/errors.ts';
import { readTime } from '../../kernel/moment.ts';
import { answers, nameOperations } from '../document/openapi.ts';

/** 30 days. */
const standardMs = 30 * 86_400_000;

/** What evaluators say of the logs of a file over time, for kinds that have logs. */
export function judgmentSeriesRoutes(
  kind: FileKind,
  { clock }: { readonly clock: Clock },
): FastifyPluginAsyncTypebox {
  const operation = nameOperations(kind);

  return async (app) => {
    app.get(
      '/:id/evaluators/stats',
      {
        schema: {
          ...operation('get_evaluator_stats'),
          params: Type.Object({ id: Type.String() }),
          querystring: judgmentSeriesQuery,
          ...answers(200, judgmentSeries),
        },
      },
      async ({ caller: { workspace }, params: { id }, query }) => {
        await requireFile(workspace, kind, id);
        if (query.version_id !== undefined) {
          await getVersion(workspace, kind, id, { versionId: query.version_id });
        }
        return readJudgmentSeries(workspace, {
          fileId: id,
          ...readPeriod(query, clock),
          interval: query.interval,
          evaluatorVersionId: query.evaluator_version_id,
          versionId: query.version_id,
        });
      },
    );
  };
}

/** @throws `invalid` for an end before the start. */
function readPeriod({ from, to }: Static<typeof judgmentSeriesQuery>, clock: Clock) {
  const end = readTime(to ?? '')?.last ?? timestamp(clock.now());
  const start = readTime(from ?? '')?.first ?? timestamp(new Date(Date.parse(end) - standardMs));
  if (end < start) throw invalid(['query', 'to'], 'The time `to` is before the time `from`.');
  return { from: start, to: end };
}
