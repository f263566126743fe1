import { expect, test } from 'vitest';
import { mutantsOf, mutated, withMarks } from './mutants.ts';

/** The texts that a text is changed to. */
function textsOf(text: string): readonly string[] {
  return mutantsOf('src/some.ts', text).map((mutant) => mutated(text, mutant));
}

test.each([
  ['a < b;', ['{}', 'a <= b;']],
  ['const c = a ?? b;', ['const c = a;']],
  ['const c = !a;', ['const c = a;']],
  ['const c = 60;', ['const c = (60 * 2 + 1);']],
  ['if (!a) throw b;', ['if (!(!a)) throw b;', 'if (!a) {}']],
  ['const c = a ? 1n : b;', ['const c = !(a) ? 1n : b;']],
  ['const c = list.filter(isGood).length;', ['const c = list.length;']],
  ["const c = q.where('a', '=', b).selectAll();", ['const c = q.selectAll();']],
  ['type T = 5 | true; const c: 5 | 6 = a;', []],
])('%s is changed in each way that it can be wrong', (text, expected) => {
  expect(textsOf(text)).toEqual(expected);
});

test.each([
  [
    'SELECT a FROM b WHERE c = $1 AND organization_id = $2 ORDER BY d DESC',
    [
      'SELECT a FROM b WHERE true AND organization_id = $2 ORDER BY d DESC',
      'SELECT a FROM b WHERE c = $1 AND true ORDER BY d DESC',
      'SELECT a FROM b WHERE c = $1 AND organization_id = $2 ORDER BY d ASC',
    ],
  ],
  [
    'UPDATE a SET b = (SELECT c FROM d WHERE e > $1 FOR UPDATE)',
    [
      'UPDATE a SET b = (SELECT c FROM d WHERE true FOR UPDATE)',
      'UPDATE a SET b = (SELECT c FROM d WHERE e >= $1 FOR UPDATE)',
      'UPDATE a SET b = (SELECT c FROM d WHERE e > $1 )',
    ],
  ],
])('conditions, locks and orders of SQL are dropped: %s', (statement, expected) => {
  const texts = textsOf(`const q = sql\`${statement}\`;`);
  const statements = texts.map((text) => /`(.*)`/.exec(text)?.[1]?.replaceAll(/ +/g, ' '));
  expect(statements).toEqual(expected);
});

test('a mutant is known again after lines were put before it, and the same line twice is two', () => {
  const text = 'const a = 1;\nf(b > c);\nf(b > c);\n';
  const ids = (of: string) => mutantsOf('src/some.ts', of).map(({ id }) => id);
  expect(ids(`// New.\n${text}`)).toEqual(ids(text));
  expect(new Set(ids(text)).size).toBe(ids(text).length);
});

test('marks stand at the start of each function and of the module, under the names that mutants have', () => {
  const text =
    'const f = (a: number) => a + 1;\nfunction g() {\n  return h(() => ({ b: 2 }));\n}\n';
  const marked = withMarks('src/some.ts', text, './reached.ts');
  const marks = [...marked.matchAll(/__reached\(["']([^"']+)["']\)/g)].map(([, mark]) => mark);
  expect(marks).toContain('src/some.ts#');
  expect(marks).toHaveLength(4);
  for (const { mark } of mutantsOf('src/some.ts', text)) expect(marks).toContain(mark);
  expect(marked).toContain('=> (__reached("src/some.ts#10"), a + 1)');
  expect(marked).toContain('), ({ b: 2 })))');
});
