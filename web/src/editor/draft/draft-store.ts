import type { Spec } from '../spec/spec.ts';

/** Changes of a version that are not committed. They are kept in this browser, and outlive a sign-out. */
export interface Draft {
  /** The version that was changed. */
  readonly base: string;
  readonly spec: Spec;
  /** The raw file, while it cannot be read; `spec` is then the last that could. */
  readonly text?: string | undefined;
  /** Versions that were committed when the draft was begun: another one is news. Undefined until they are loaded. */
  readonly known?: readonly string[] | undefined;
  /** Versions that runs of this draft made. */
  readonly ran: readonly string[];
  readonly changedAt: string;
}

const prefix = 'loopwright.draft.';
/** What was read, so that the same draft is the same object. */
const cache = new Map<string, Draft | undefined>();
const listeners = new Set<() => void>();

export function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) addEventListener('storage', onStorage);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) removeEventListener('storage', onStorage);
  };
}

/** The draft on a version of a file, if there is one. */
export function readDraft(fileId: string, base: string): Draft | undefined {
  const key = keyOf(fileId, base);
  if (!cache.has(key)) cache.set(key, parsed(localStorage.getItem(key)));
  return cache.get(key);
}

/** Keeps a draft. @returns false when the browser has no room for it: then it lives as long as the page. */
export function writeDraft(fileId: string, draft: Draft): boolean {
  const key = keyOf(fileId, draft.base);
  cache.set(key, draft);
  try {
    localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  } finally {
    tell();
  }
}

export function dropDraft(fileId: string, base: string): void {
  const key = keyOf(fileId, base);
  localStorage.removeItem(key);
  cache.delete(key);
  tell();
}

/** Makes the draft on a version one on another version, in place of a draft that is there. */
export function moveDraft(fileId: string, from: string, to: string): void {
  const draft = readDraft(fileId, from);
  if (!draft) return;
  // There is room for one of the two.
  dropDraft(fileId, from);
  writeDraft(fileId, { ...draft, base: to, changedAt: new Date().toISOString() });
}

/** The version with the draft of a file that was changed last. */
export function lastDraftBase(fileId: string): string | undefined {
  const bases = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index))
    .filter((key) => key?.startsWith(`${prefix}${fileId}.`))
    .map((key) => key?.slice(prefix.length + fileId.length + 1) ?? '');
  return bases
    .map((base) => readDraft(fileId, base))
    .filter((draft) => draft !== undefined)
    .toSorted((a, b) => (a.changedAt < b.changedAt ? 1 : -1))[0]?.base;
}

function keyOf(fileId: string, base: string): string {
  return `${prefix}${fileId}.${base}`;
}

function parsed(text: string | null): Draft | undefined {
  try {
    return text === null ? undefined : (JSON.parse(text) as Draft);
  } catch {
    return undefined;
  }
}

/** Another tab has changed what is kept. */
function onStorage({ key }: StorageEvent): void {
  if (key !== null && !key.startsWith(prefix)) return;
  if (key === null) cache.clear();
  else cache.delete(key);
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}
