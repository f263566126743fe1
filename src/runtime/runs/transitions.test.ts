import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { transitions } from './transitions.ts';

const runtime = join(import.meta.dirname, '..');

/** The statements in the sources that write rows of runs, like `runs/step-queries.ts writeTurn`. */
function statements(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const path of globSync('**/*.ts', { cwd: join(runtime, '..') })) {
    if (path.endsWith('.test.ts')) continue;
    const text = readFileSync(join(runtime, '..', path), 'utf8');
    for (const match of text.matchAll(/\b(UPDATE|DELETE FROM|INSERT INTO) run\b/g)) {
      const before = text.slice(0, match.index);
      const names = [...before.matchAll(/^(?:export )?(?:async )?(?:function|const) (\w+)/gm)];
      const place = path.startsWith('runtime/') ? path.slice('runtime/'.length) : `../${path}`;
      const statement = `${place} ${names.at(-1)?.[1]}`;
      found.set(statement, (found.get(statement) ?? new Set()).add(String(match[1])));
    }
  }
  return found;
}

/** The SQL verb for a change of a row. */
function verb(from: string, to: string): string {
  if (from === 'none') return 'INSERT INTO';
  return to === 'none' ? 'DELETE FROM' : 'UPDATE';
}

test('every statement that writes the row of a run is in the table of transitions, and does what it says', () => {
  const said = new Map<string, Set<string>>();
  for (const { statement, from, to } of transitions) {
    const verbs = said.get(statement) ?? new Set();
    for (const before of from) for (const after of to) verbs.add(verb(before, after));
    said.set(statement, verbs);
  }
  expect(statements()).toEqual(said);
});

test('a run is opened once, and every state can be left, and is left for good', () => {
  const left = (place: string) => transitions.filter(({ from }) => from.some((at) => at === place));
  expect(left('none')).toHaveLength(1);
  for (const state of ['running', 'suspended', 'interrupted']) {
    const next = left(state).flatMap(({ to }) => to);
    expect(next).toContain('none');
    expect(next.some((place) => place !== state)).toBe(true);
  }
});
