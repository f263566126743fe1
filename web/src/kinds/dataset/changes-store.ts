import { parseExact } from '../../json/exact-json.ts';
import { type Changes, noChanges } from './changes.ts';

/** Changes of a version that are not committed. */
export interface KeptChanges {
  readonly changes: Changes;
  /** Whether a reload would lose them: the browser has no room. */
  readonly isKept: boolean;
}

/** What has no room in the browser's storage lives as long as the page. */
const unkept = new Map<string, Changes>();

export function readChanges(datasetId: string, versionId: string): KeptChanges {
  const key = keyOf(datasetId, versionId);
  const changes = unkept.get(key);
  return changes ? { changes, isKept: false } : { changes: stored(key), isKept: true };
}

export function writeChanges(datasetId: string, versionId: string, changes: Changes): KeptChanges {
  const key = keyOf(datasetId, versionId);
  try {
    localStorage.setItem(key, JSON.stringify(changes));
    unkept.delete(key);
  } catch {
    unkept.set(key, changes);
  }
  return { changes, isKept: !unkept.has(key) };
}

export function dropChanges(datasetId: string, versionId: string): void {
  const key = keyOf(datasetId, versionId);
  unkept.delete(key);
  localStorage.removeItem(key);
}

function keyOf(datasetId: string, versionId: string): string {
  return `loopwright.rows.${datasetId}.${versionId}`;
}

function stored(key: string): Changes {
  try {
    const found = parseExact(localStorage.getItem(key) ?? '{}') as Partial<Changes>;
    return { ...noChanges, ...found };
  } catch {
    return noChanges;
  }
}
