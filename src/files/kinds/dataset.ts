import { Type } from 'typebox';
import {
  datapoint,
  datasetQuery,
  datasetSpec,
  datasetVersionsQuery,
} from '../../contract/kinds/dataset.ts';
import { loadDatapoints } from '../datasets/datapoint-queries.ts';
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
      const datapoints = await loadDatapoints(workspace, wanted);
      return new Map([...datapoints].map(([id, list]) => [id, { datapoints: list }]));
    },
  },
});
