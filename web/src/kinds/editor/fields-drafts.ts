import { newestCommitted } from '../../editor/draft/committed.ts';
import type { Drafts } from '../../editor/draft/drafts.ts';
import { keptDrafts } from '../../editor/draft/kept-drafts.ts';

/** The fields of versions as they were changed. */
export const keptFields = keptDrafts<object>('fields');

export const fieldsDrafts: Drafts = {
  has: (fileId, versionId) => keptFields.read(fileId, versionId).draft !== undefined,
  last: (fileId) => keptFields.versions(fileId)[0],
  move: (fileId, from, to) => {
    const { draft } = keptFields.read(fileId, from);
    // There is room for one of the two.
    keptFields.drop(fileId, from);
    if (draft) keptFields.write(fileId, to, draft);
  },
  drop: keptFields.drop,
  replaces: true,
  newest: newestCommitted,
};
