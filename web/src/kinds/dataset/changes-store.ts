import { keptDrafts } from '../../editor/draft/kept-drafts.ts';
import { parseExact } from '../../json/exact-json.ts';
import { type Changes, noChanges } from './changes.ts';

/** Changes of a version that are not committed. */
export interface KeptChanges {
  readonly changes: Changes;
  /** Whether a reload would lose them: the browser has no room. */
  readonly isKept: boolean;
}

const kept = keptDrafts<Partial<Changes>>('rows', parseExact);

/** Of a dataset the versions that were changed here, the newest first. */
export const changedVersions = kept.versions;
export const dropChanges = kept.drop;

export function readChanges(datasetId: string, versionId: string): KeptChanges {
  const { draft, isKept } = kept.read(datasetId, versionId);
  return { changes: { ...noChanges, ...draft }, isKept };
}

export function writeChanges(datasetId: string, versionId: string, changes: Changes): KeptChanges {
  const { isKept } = kept.write(datasetId, versionId, changes);
  return { changes, isKept };
}
