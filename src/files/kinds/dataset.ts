import { Type } from 'typebox';
import {
  datapoint,
  datasetQuery,
  datasetSpec,
  datasetVersionsQuery,
} from '../../contract/kinds/dataset.ts';
import type { Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { countDatapointBytes, loadDatapoints } from '../datasets/datapoint-queries.ts';
import { defineFileKind } from '../kind.ts';
import { presentFields } from '../present-fields.ts';

export const datasetKind = defineFileKind({
  type: 'dataset',
  collection: 'datasets',
  idPrefix: 'ds',
  versionIdPrefix: 'dsv',
  spec: datasetSpec,
  canonicalSpec: presentFields,
  inputNames: () => [],
  links: () => [],
  details: {
    query: datasetQuery,
    versionsQuery: datasetVersionsQuery,
    properties: { datapoints: Type.Optional(Type.Array(datapoint)) },
    async load(workspace, versionIds, { include_datapoints: asked }) {
      if (!asked) return new Map();
      const wanted = asked === true ? versionIds : versionIds.slice(0, 1);
      await requireShowable(workspace, wanted);
      const datapoints = await loadDatapoints(workspace, wanted);
      return new Map([...datapoints].map(([id, list]) => [id, { datapoints: list }]));
    },
  },
});

/** The most megabytes of datapoints that an answer about datasets includes. */
const mostShown = 64;

/**
 * @throws `invalid` when there are more datapoints than an answer can have: it is in memory as a whole.
 */
async function requireShowable(workspace: Workspace, versionIds: readonly string[]): Promise<void> {
  const bytes = await countDatapointBytes(workspace, versionIds);
  if (bytes <= mostShown * 1024 * 1024) return;
  throw invalid(
    ['query', 'include_datapoints'],
    `The datapoints have ${Math.ceil(bytes / 1024 / 1024)} MB, and such an answer includes at most ${mostShown} MB. Read them page by page: GET /datasets/{id}/datapoints.`,
  );
}
