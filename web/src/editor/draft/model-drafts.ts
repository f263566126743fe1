import { carryRun } from '../run/use-run.ts';
import { newestCommitted } from './committed.ts';
import { dropDraft, lastDraftBase, moveDraft, readDraft } from './draft-store.ts';
import type { Drafts } from './drafts.ts';

/** Drafts of agents and prompts, each with the run beside it. */
export const modelDrafts: Drafts = {
  has: (fileId, versionId) => readDraft(fileId, versionId) !== undefined,
  last: lastDraftBase,
  move: (fileId, from, to) => {
    moveDraft(fileId, from, to);
    carryRun(fileId, from, to);
  },
  drop: dropDraft,
  replaces: true,
  newest: newestCommitted,
};
