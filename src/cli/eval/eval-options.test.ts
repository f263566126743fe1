import { expect, test } from 'vitest';
import { readEvalOptions } from './eval-options.ts';

const needed = { file: 'QA/answer', dataset: 'QA/questions', evaluators: 'a, QA/b' };

test('the options of eval are read', () => {
  const version = `prv_${'0'.repeat(26)}`;
  expect(
    readEvalOptions({
      ...needed,
      'version-id': version,
      dataset: `ds_${'1'.repeat(26)}`,
      min: 'a>=0.9,QA/b>=3',
      'max-drop': 'a:0.02',
      significant: true,
      'max-cost-increase': '10%',
      'max-p95-latency': '3',
      'max-errors': '0.01',
      trials: '3',
      timeout: '90s',
    }),
  ).toEqual({
    name: 'loopwright eval',
    file: { path: 'QA/answer' },
    version: { version_id: version },
    dataset: { id: `ds_${'1'.repeat(26)}` },
    evaluators: [{ path: 'a' }, { path: 'QA/b' }],
    trials: 3,
    timeoutMs: 90_000,
    gate: {
      min: { a: 0.9, 'QA/b': 3 },
      max_drop: { a: 0.02 },
      significant: true,
      max_cost_increase: 0.1,
      max_p95_latency: 3,
      max_errors: 0.01,
      baseline: undefined,
    },
    writes: { json: undefined, junit: undefined, markdown: undefined },
  });
  const staged = readEvalOptions({ ...needed, environment: 'staging', timeout: '2h' });
  expect(staged).toMatchObject({
    version: { path: 'QA/answer', environment: 'staging' },
    timeoutMs: 7_200_000,
  });
});

test.each([
  ['min', 'a=1'],
  ['min', '>=1'],
  ['min', 'a>=good'],
  ['max-drop', 'a'],
  ['max-errors', '-1%'],
  ['max-p95-latency', 'soon'],
  ['timeout', '30'],
  ['trials', 'x'],
])('--%s cannot be %s', (name, value) => {
  expect(() => readEvalOptions({ ...needed, [name]: value })).toThrow(`--${name} cannot be`);
});

test('what is needed has to be there, and a version is given once', () => {
  expect(() => readEvalOptions({ file: 'a', dataset: 'b' })).toThrow(
    'eval needs --evaluators A,B.',
  );
  const both = { ...needed, 'version-id': 'x', environment: 'y' };
  expect(() => readEvalOptions(both)).toThrow('not both');
});
