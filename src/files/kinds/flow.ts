import { flowSpec } from '../../contract/kinds/others.ts';
import { defineFileKind, withoutNulls } from '../kind.ts';

export const flowKind = defineFileKind({
  type: 'flow',
  collection: 'flows',
  idPrefix: 'fl',
  versionIdPrefix: 'flv',
  spec: flowSpec,
  can: { call: false, log: true },
  canonicalSpec: withoutNulls,
  inputNames: () => [],
  links: () => [],
});
