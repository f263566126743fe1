import { toolSpec } from '../../contract/kinds/others.ts';
import { defineFileKind, withoutNulls } from '../kind.ts';

export const toolKind = defineFileKind({
  type: 'tool',
  collection: 'tools',
  idPrefix: 'tl',
  versionIdPrefix: 'tv',
  spec: toolSpec,
  can: { call: true, log: true },
  canonicalSpec: withoutNulls,
  inputNames: () => [],
  links: () => [],
});
