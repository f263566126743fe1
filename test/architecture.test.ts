import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const page = await readFile(new URL('ARCHITECTURE.md', root), 'utf8');
const rules = createRequire(import.meta.url)(
  fileURLToPath(new URL('.dependency-cruiser.cjs', root)),
) as {
  readonly forbidden: readonly {
    readonly name: string;
    readonly to: { readonly pathNot?: string };
  }[];
};
/** What each folder may import, itself left out, from the rules that enforce it. */
const mayImport = Object.fromEntries(
  rules.forbidden.flatMap(({ name, to }) => {
    const folder = /^(.+)-imports-only-below$/.exec(name)?.[1];
    const allowed = /\(([^)]*)\)/.exec(to.pathNot ?? '')?.[1]?.split('|') ?? [];
    return folder === undefined ? [] : [[folder, allowed.filter((other) => other !== folder)]];
  }),
);

/** The cells of the rows of a table whose first cell is a folder of `src`, in backticks. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = page.split(`\n${heading}\n`);
  const [body = ''] = section.split(/\n##/);
  return [...body.matchAll(/^\| (`src\/.+) \|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim()),
  );
}

const files = readdirSync(new URL('src/', root), { withFileTypes: true });

describe('ARCHITECTURE.md', () => {
  test('names only files and folders that exist', () => {
    const named = [...page.matchAll(/`((?:src|test|scripts)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });

  test('says of each folder what the import rule lets it import', () => {
    const said = rowsOf('## The folders').map(([folder = '', , imports = '']) => [
      folder.replaceAll('`', '').replace('src/', ''),
      imports === '–' ? [] : imports.split(', '),
    ]);
    expect(Object.fromEntries(said)).toEqual(mayImport);
  });

  test('has a row for each folder of src', () => {
    const folders = files.filter((file) => file.isDirectory()).map(({ name }) => `\`src/${name}\``);
    const rows = rowsOf('## The folders').map(([folder]) => folder);
    expect(rows.toSorted()).toEqual(folders.toSorted());
  });

  test('lists the file of each kind on each storey, and no other is there', () => {
    const storeys = rowsOf('### A new kind is one file per storey');
    expect(storeys).toHaveLength(4);
    for (const [storey = '', , ...kinds] of storeys) {
      const folder = new URL(`${storey.replaceAll('`', '')}/`, root);
      const named = kinds.filter((cell) => cell !== '–').map((cell) => cell.replaceAll('`', ''));
      expect(named.filter((file) => !existsSync(new URL(file, folder)))).toEqual([]);
      const all = ['agent.ts', 'prompt.ts', 'tool.ts', 'flow.ts', 'evaluator.ts', 'dataset.ts'];
      const missing = all.filter((file) => !named.includes(file));
      expect(missing.filter((file) => existsSync(new URL(file, folder)))).toEqual([]);
    }
  });
});

/** They parse what we wrote ourselves, or look at JSON whose numbers do not go on. */
const parseTheirOwn = [
  'src/cli/demo.ts',
  'src/cli/eval/api.ts',
  'src/custom-endpoints/sealed-secrets.ts',
  'src/database/postgres/binaries.ts',
  'src/files/text-format/message-parts.ts',
  'src/idempotency/keyed-requests.ts',
  'src/kernel/exact-json.ts',
  'src/kernel/exact-parser.ts',
  'src/kernel/read-json.ts',
  'src/logs/cursor.ts',
  'src/pricing/price-file.ts',
  'src/providers/exact-parts.ts',
  'src/providers/openai/call-pieces.ts',
  'src/providers/replicate/replicate-provider.ts',
  'src/providers/vendor-error.ts',
  'src/providers/vendor-failure.ts',
  'src/tools/python/python-process.ts',
];

test('all other JSON is parsed by `parseExactJson`, since `JSON.parse` changes numbers', async () => {
  const sources = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `src/${name}`);
  const texts = await Promise.all(sources.map((name) => readFile(new URL(name, root), 'utf8')));
  const found = sources.filter((_, index) => /\bJSON\.parse\(/.test(texts[index] ?? ''));
  expect(found.toSorted()).toEqual(parseTheirOwn);
});
