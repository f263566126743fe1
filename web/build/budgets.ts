import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The most bytes, after gzip, that a page may load (the design's section "Budgets"). */
const budgets = {
  /** Scripts that the first page needs, whichever page it is. */
  firstPage: 190_000,
  styles: 15_000,
} as const;

/** Pages, and what is one whole page for one kind of file. */
const page = /^src\/(routes\/|editor\/page\/editor-page|kinds\/\w+\/\w+-editor)/;

/** Parts that are loaded when they are first needed, each with all that it needs beside a page. */
const parts = [
  {
    what: 'The editor of code',
    names: ['src/code/code-editor.tsx', 'node_modules/@codemirror/lang-json/dist/index.js'],
    budget: 120_000,
  },
  { what: 'Diffs', names: ['src/diff/diff-pieces.tsx'], budget: 20_000 },
];

/** How much of a budget is used. */
export interface Size {
  readonly what: string;
  readonly bytes: number;
  readonly budget: number;
}

/** The part of Vite's manifest that is read here. */
type Manifest = Readonly<
  Record<
    string,
    {
      readonly file: string;
      readonly isEntry?: boolean;
      readonly isDynamicEntry?: boolean;
      readonly imports?: readonly string[];
      readonly css?: readonly string[];
    }
  >
>;

/**
 * Measures a build: for each page the scripts that a reader loads who comes to it first, and all
 * styles.
 *
 * @param folder the build, with its manifest.
 */
export function measure(folder: string): readonly Size[] {
  const manifest = JSON.parse(
    readFileSync(join(folder, '.vite/manifest.json'), 'utf8'),
  ) as Manifest;
  const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry) ?? '';
  const pages = Object.keys(manifest).filter((name) => page.test(name));
  const sizeOf = sizesIn(folder);
  const ofEveryPage = filesOf(manifest, [entry]);
  return [
    ...pages.map((name) => ({
      what: `Scripts of ${name}`,
      bytes: sum([...filesOf(manifest, [entry, name])].map(sizeOf)),
      budget: budgets.firstPage,
    })),
    ...parts.map(({ what, names, budget }) => ({
      what,
      bytes: sum(
        [...filesOf(manifest, names)].filter((file) => !ofEveryPage.has(file)).map(sizeOf),
      ),
      budget,
    })),
    {
      what: 'Styles',
      bytes: sum([...new Set(Object.values(manifest).flatMap(({ css = [] }) => css))].map(sizeOf)),
      budget: budgets.styles,
    },
  ];
}

/** A sentence for each budget that is exceeded. */
export function excesses(sizes: readonly Size[]): readonly string[] {
  return sizes
    .filter(({ bytes, budget }) => bytes > budget)
    .map(
      ({ what, bytes, budget }) =>
        `${what} are ${bytes - budget} bytes over their budget of ${budget}, after gzip.`,
    );
}

/** The scripts of some chunks and of all that they import at once. */
function filesOf(manifest: Manifest, names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...(manifest[name]?.imports ?? []));
  }
  return new Set([...seen].flatMap((name) => manifest[name]?.file ?? []));
}

function sizesIn(folder: string): (file: string) => number {
  return (file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
