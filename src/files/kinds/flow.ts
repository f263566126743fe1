import { flowLogRequest, flowLogUpdate, flowSpec } from '../../contract/kinds/flow.ts';
import { defineFileKind } from '../kind.ts';
import { presentFields } from '../present-fields.ts';

export const flowKind = defineFileKind({
  type: 'flow',
  collection: 'flows',
  idPrefix: 'fl',
  versionIdPrefix: 'flv',
  spec: flowSpec,
  canonicalSpec: presentFields,
  inputNames: () => [],
  links: () => [],
  takesAsTool: () => 'message',
  log: {
    request: flowLogRequest,
    update: flowLogUpdate,
    inline: 'flow',
    beginsTrace: true,
    isWholeTrace: true,
  },
});
