import { expect, test } from 'vitest';
import { readAnswer } from './exact-answer.ts';

test('numbers in what was given stay as they were written; ours are numbers', () => {
  const inputs = '{"account":12345678901234567890,"deep":[{"share":1.0,"huge":1e400}]}';
  const answer = readAnswer(`{"inputs":${inputs},"cost":1.0,"turns":[{"tokens":1e2}]}`) as {
    readonly inputs: unknown;
  };
  expect(JSON.stringify(answer.inputs)).toBe(inputs);
  expect({ ...answer, inputs: null }).toEqual({ inputs: null, cost: 1, turns: [{ tokens: 100 }] });
});
