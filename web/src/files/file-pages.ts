import type { FileKind } from '../api/types.ts';

/** A page of a file. */
type FilePage = (typeof pages)[keyof typeof pages];

const pages = {
  editor: { to: '/f/$fileId/editor', label: 'Editor' },
  rows: { to: '/f/$fileId/rows', label: 'Rows' },
  attributes: { to: '/f/$fileId/editor', label: 'Attributes' },
  versions: { to: '/f/$fileId/versions', label: 'Versions' },
  logs: { to: '/f/$fileId/logs', label: 'Logs' },
  about: { to: '/f/$fileId/about', label: 'About' },
} as const;

/** The pages of each kind, in the order in which they are shown. Links to a file lead to the first one. */
const kinds: Readonly<Record<FileKind, readonly (keyof typeof pages)[]>> = {
  agent: ['editor', 'versions', 'logs', 'about'],
  prompt: ['editor', 'versions', 'logs', 'about'],
  tool: ['editor', 'versions', 'logs', 'about'],
  evaluator: ['editor', 'versions', 'logs', 'about'],
  flow: ['logs', 'attributes', 'versions', 'about'],
  dataset: ['rows', 'versions', 'about'],
};

/** The pages that files of a kind have. */
export function pagesOf(kind: FileKind): readonly FilePage[] {
  return kinds[kind].map((name) => pages[name]);
}
