import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { toast } from '../../ui/toasts.tsx';
import { isSameSpec, type Spec, specOf } from '../spec/spec.ts';
import { isCommitted, newsSince } from './committed.ts';
import { type Draft, dropDraft, readDraft, subscribe, writeDraft } from './draft-store.ts';
import { useVersionsMeanwhile } from './use-versions-meanwhile.ts';

/** What is edited: a version, with the changes of the draft on it. */
export interface Edited {
  /** The version that is changed. */
  readonly version: FileResponse;
  /** As it is stored. */
  readonly base: Spec;
  /** As it is now. */
  readonly spec: Spec;
  readonly isChanged: boolean;
  /** Whether the version has been deleted meanwhile. */
  readonly isGone: boolean;
  /** The raw file, while it cannot be read. */
  readonly text: string | undefined;
  readonly change: (spec: Spec) => void;
  /** Keeps a raw file that cannot be read; undefined: it can again. */
  readonly keepText: (text: string | undefined, spec?: Spec) => void;
  readonly discard: () => void;
  /** Notes a version that a run of the draft made. */
  readonly noteRun: (versionId: string) => void;
  /** A version that somebody else has committed meanwhile. */
  readonly news: FileResponse | undefined;
  /** Goes on without it. */
  readonly passOver: () => void;
  /** Makes the draft one on that version, with both changes in it. */
  readonly moveTo: (versionId: string, spec: Spec) => void;
}

/** The draft on a version. It is kept with each change. */
export function useDraft(version: FileResponse): Edited {
  const { id: fileId, version_id: baseId } = version;
  const draft = useSyncExternalStore(subscribe, () => readDraft(fileId, baseId));
  const { versions, isGone } = useVersionsMeanwhile(version, draft !== undefined);
  const base = useMemo(() => specOf(version), [version]);
  const spec = draft?.spec ?? base;
  const news = draft && newsSince(versions, draft);
  const committed = () =>
    versions.length === 0
      ? undefined
      : versions.filter(isCommitted).map(({ version_id: id }) => id);
  const keep = (changes: Partial<Draft>) => {
    const before = readDraft(fileId, baseId);
    const next: Draft = {
      base: baseId,
      spec: base,
      ran: [],
      ...before,
      known: before?.known ?? committed(),
      ...changes,
      changedAt: new Date().toISOString(),
    };
    if (next.text === undefined && isSameSpec(next.spec, base)) {
      if (before) dropDraft(fileId, baseId);
      return;
    }
    const isKept = writeDraft(fileId, next);
    if (!isKept)
      toast('This draft is too large to be kept: it is lost when the page closes', {
        look: 'alarm',
      });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once it is known what was committed
  useEffect(() => {
    if (draft && !draft.known && versions.length > 0) keep({});
  }, [draft, versions]);
  return {
    version,
    base,
    spec,
    isChanged: draft !== undefined && (draft.text !== undefined || !isSameSpec(spec, base)),
    isGone,
    text: draft?.text,
    change: (next) => keep({ spec: next, text: undefined }),
    keepText: (text, next) => keep({ text, ...(next && { spec: next }) }),
    discard: () => dropDraft(fileId, baseId),
    noteRun: (versionId) => {
      const before = readDraft(fileId, baseId);
      if (!before || before.ran.includes(versionId)) return;
      writeDraft(fileId, { ...before, ran: [...before.ran, versionId] });
    },
    news,
    passOver: () => keep({ known: committed() }),
    moveTo: (versionId, merged) => {
      const changedAt = new Date().toISOString();
      const next = {
        base: versionId,
        spec: merged,
        known: committed(),
        ran: draft?.ran ?? [],
        changedAt,
      };
      writeDraft(fileId, next);
      dropDraft(fileId, baseId);
    },
  };
}
