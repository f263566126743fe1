import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readyMadeEvaluators, readyMadeFolder } from './evaluators.ts';

test('every Python file is the code of one evaluator, and none is missing', () => {
  const files = ['code', 'agents'].flatMap((folder) =>
    readdirSync(new URL(folder, import.meta.url)).map((file) => `${folder}/${file}`),
  );
  const sources = readyMadeEvaluators.flatMap(({ source }) => source ?? []);
  expect(sources.toSorted()).toEqual(files.toSorted());
});

test('the docs list every evaluator, with what it returns', () => {
  const page = readFileSync(
    new URL('../../docs/ready-made-evaluators.md', import.meta.url),
    'utf8',
  );
  expect(page).toContain(`with ${readyMadeEvaluators.length} evaluators`);
  for (const { path, spec } of readyMadeEvaluators) {
    const name = `\`${path.replace(`${readyMadeFolder}/`, '')}\``;
    const row = new RegExp(`^\\| ${name} +\\| ${spec.return_type} `, 'm');
    if (spec.evaluator_type === 'human') expect.soft(page).toContain(name);
    else expect.soft(page).toMatch(row);
  }
});
