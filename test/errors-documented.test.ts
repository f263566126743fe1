import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');

const sources = globSync('src/**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts'));
const errorResponse = read('src/http/server/error-response.ts');

/** The status of each category of errors. */
const statusOf = new Map(
  [
    ...(/const statusOf[^{]*\{([^}]*)\}/.exec(errorResponse)?.[1] ?? '').matchAll(/(\w+): (\d+)/g),
  ].map(([, category = '', status]) => [category, Number(status)]),
);

/** Every code that an answer can have, with its status, from where it is written in the sources. */
function codesInSources(): Record<string, number> {
  const codes: Record<string, number> = { invalid: 422, internal: 500 };
  for (const path of sources) {
    const text = read(path);
    const named = [
      ...text.matchAll(/\b(?:new PlatformError|super)\(\s*'(\w+)',\s*'(\w+)'/g),
      ...text.matchAll(/\bcategory: '(\w+)',\s*code: '(\w+)'/g),
    ];
    for (const [, status, code = ''] of text.matchAll(/\bstatus: (4\d\d), code: '(\w+)'/g)) {
      codes[code] = Number(status);
    }
    for (const [, category = '', code = ''] of named) {
      codes[code] = statusOf.get(category) ?? Number.NaN;
    }
  }
  for (const [, status, code = ''] of errorResponse.matchAll(/(\d{3}): \{\s*code: '(\w+)'/g)) {
    codes[code] = Number(status);
  }
  return codes;
}

function codesInDocs(): Record<string, number> {
  const entries = read('docs/errors.md').matchAll(/^### `(\w+)`\n\n\*\*(\d{3})\.\*\* /gm);
  return Object.fromEntries([...entries].map(([, code, status]) => [code, Number(status)]));
}

test('every error code has an entry in docs/errors.md, with its status, and every entry a code', () => {
  expect(statusOf.size).toBeGreaterThan(5);
  expect(codesInDocs()).toEqual(codesInSources());
});

test('every error names its code where it is made, so that the list of codes is whole', () => {
  const unnamed = sources.flatMap((path) => {
    const made = read(path).match(/new PlatformError\(\s*[^)]{0,60}/g) ?? [];
    const isNamed = /^new PlatformError\(\s*('\w+',\s*'\w+'|category, code)/;
    return made.filter((text) => !isNamed.test(text)).map((text) => `${path}: ${text}`);
  });
  expect(unnamed).toEqual([]);
  const inAnswers = [...errorResponse.matchAll(/\bcode: '(\w+)'/g)].map(([, code]) => code);
  expect(Object.keys(codesInSources())).toEqual(expect.arrayContaining(inAnswers));
});
