import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  compareDatapointsQuery,
  comparedDatapoint,
  compareQuery,
  pairwiseComparison,
  pairwiseRequest,
  runComparison,
} from '../../contract/evaluation-compare.ts';
import { pageSchema } from '../../contract/file.ts';
import { listComparedItems } from '../../evaluation/compare/compare-items.ts';
import { compareRuns } from '../../evaluation/compare/compare-runs.ts';
import { compareInPairs } from '../../evaluation/pairwise/compare-pairwise.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { readerSignal } from '../server/event-stream.ts';
import { sendList } from '../server/send-list.ts';
import { comparedDatapointBody, pairwiseBody, runComparisonBody } from '../wire/run-comparison.ts';

const operation = nameOperations({ collection: 'evaluations' });
const params = Type.Object({ id: Type.String() });

/** Runs of an Evaluation compared with each other, below `/v5/evaluations`. */
export function evaluationCompareRoutes(parts: RuntimeParts): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/:id/compare',
      {
        schema: {
          ...operation('compare'),
          params,
          querystring: compareQuery,
          ...answers(200, runComparison),
        },
      },
      async ({ caller: { workspace }, params: { id }, query }) => {
        const { run, baseline, level, cluster_by: clusterBy } = query;
        const options = { run, baseline, level, clusterBy };
        return runComparisonBody(await compareRuns(workspace, id, options, 'query'), options);
      },
    );

    app.get(
      '/:id/compare/datapoints',
      {
        schema: {
          ...operation('compare_datapoints'),
          params,
          querystring: compareDatapointsQuery,
          ...answers(200, pageSchema(comparedDatapoint)),
        },
      },
      async ({ caller: { workspace }, params: { id }, query }, reply) => {
        const { evaluator_version_id: evaluatorVersionId, only, page, size, ...runs } = query;
        const filter = { only, evaluatorVersionId, page, size };
        const { groups, total } = await listComparedItems(workspace, id, { ...runs, ...filter });
        return sendList(reply, {
          groups: groups.map((read) => async () => (await read()).map(comparedDatapointBody)),
          rest: () => ({ page, size, total }),
        });
      },
    );

    app.post(
      '/:id/compare',
      {
        schema: {
          ...operation('compare_in_pairs'),
          params,
          body: pairwiseRequest,
          ...answers(200, pairwiseComparison),
        },
      },
      async ({ caller: { workspace }, params: { id }, body }, reply) => {
        const { run, baseline, evaluator } = body;
        const request = { run, baseline: baseline ?? 'control', evaluator };
        return pairwiseBody(
          await compareInPairs(parts, workspace, id, request, readerSignal(reply)),
        );
      },
    );
  };
}
