import { evaluatorSpec } from '../../contract/kinds/others.ts';
import { defineFileKind, withoutNulls } from '../kind.ts';

export const evaluatorKind = defineFileKind({
  type: 'evaluator',
  collection: 'evaluators',
  idPrefix: 'ev',
  versionIdPrefix: 'evv',
  spec: evaluatorSpec,
  can: { call: false, log: true },
  canonicalSpec: withoutNulls,
  inputNames: () => [],
  links: () => [],
});
