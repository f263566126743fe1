import { expect, test } from 'vitest';
import type { Spec } from '../spec/spec.ts';
import { inputValues, unknownVariables, unusedInputs, wantedInputs } from './inputs.ts';

const spec: Spec = {
  kind: 'agent',
  model: 'any',
  template: 'You serve {{user.name}} of {{bank}}. {{bank}} is closed.',
};

test('variables are inputs by themselves; what a member is read of is JSON', () => {
  expect(wantedInputs([spec])).toEqual([
    { name: 'user', isJson: true },
    { name: 'bank', isJson: false },
  ]);
});

test('a variable without a value is unknown, and a value without a variable unused', () => {
  const texts = { bank: 'One', city: 'Berlin' };
  expect([...unknownVariables(spec, texts)]).toEqual(['user.name']);
  expect(unusedInputs(texts, wantedInputs([spec]))).toEqual(['city']);
});

test('only inputs that are read are sent, and numbers in a text stay text', () => {
  const texts = { bank: '42', user: '{"name": "Ada"}', city: 'Berlin' };
  expect(inputValues(texts, wantedInputs([spec]))).toEqual({ bank: '42', user: { name: 'Ada' } });
  const broken = inputValues({ user: '{' }, wantedInputs([spec]));
  expect(broken).toEqual({ user: '{' });
});
