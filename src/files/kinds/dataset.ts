import { datasetSpec } from '../../contract/kinds/others.ts';
import { defineFileKind, withoutNulls } from '../kind.ts';

export const datasetKind = defineFileKind({
  type: 'dataset',
  collection: 'datasets',
  idPrefix: 'ds',
  versionIdPrefix: 'dsv',
  spec: datasetSpec,
  can: { call: false, log: false },
  canonicalSpec: withoutNulls,
  inputNames: () => [],
  links: () => [],
});
