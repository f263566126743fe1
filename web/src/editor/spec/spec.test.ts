import { expect, test } from 'vitest';
import type { FileResponse } from '../../api/types.ts';
import { changedFields, changeOfDefaults, changesInShort } from './field-changes.ts';
import { fieldText } from './field-text.ts';
import { merge } from './merge.ts';
import { isSameSpec, type Spec, specOf, tidy, withField } from './spec.ts';
import { messagesOf, templateOf } from './template.ts';

const base: Spec = {
  kind: 'agent',
  model: 'small',
  temperature: 0.2,
  template: [{ role: 'system', content: 'You are a teller.' }],
  max_iterations: 3,
};

test('the spec of a version leaves out what is absent or a default', () => {
  const file = {
    type: 'agent',
    name: 'Teller',
    model: 'small',
    provider: 'openai',
    temperature: 1,
    max_iterations: 3,
    template: null,
    stop: null,
    other: {},
    tools: [{ type: 'file', link: { file_id: 'tl_1', version_id: null }, file: { name: 'x' } }],
  } as unknown as FileResponse;
  expect(specOf(file)).toEqual({
    kind: 'agent',
    model: 'small',
    max_iterations: 3,
    tools: [{ type: 'file', link: { file_id: 'tl_1' } }],
  });
});

test('the spec of a version keeps the defaults that it writes out', () => {
  const fields = { model: 'small', temperature: 1, top_p: 1, given_defaults: ['temperature'] };
  expect(tidy('prompt', fields)).toEqual({ kind: 'prompt', model: 'small', temperature: 1 });
});

test('specs are the same whatever the order of their members', () => {
  const other = { b: 1, a: { d: 1, c: [2] } };
  const again = { a: { c: [2], d: 1 }, b: 1 };
  expect(isSameSpec(withField(base, 'other', other), withField(base, 'other', again))).toBe(true);
  expect(isSameSpec(base, withField(base, 'temperature', undefined))).toBe(false);
  expect(isSameSpec(base, tidy('agent', { ...base, endpoint: 'chat', seed: null }))).toBe(true);
});

test('changes are told by field', () => {
  const after = withField(
    withField(base, 'template', [{ role: 'system', content: 'You are a polite teller.' }]),
    'temperature',
    0.5,
  );
  expect(changedFields(base, after)).toEqual(['temperature', 'template']);
  expect(fieldText(after, 'template')).toBe('system:\nYou are a polite teller.');
  expect(changesInShort(base, after)).toBe('Temperature and instructions changed');
  expect(changesInShort(base, base)).toBe('');
});

test('defaults that are written out or left out make no other version', () => {
  const written = withField(base, 'top_p', 1);
  expect(changeOfDefaults(base, written)).toBe('written');
  expect(changeOfDefaults(written, base)).toBe('left');
  expect(changeOfDefaults(base, base)).toBeUndefined();
  expect(changeOfDefaults(base, withField(written, 'seed', 1))).toBeUndefined();
  // From a number that is no default to the default is another version.
  expect(changeOfDefaults(base, withField(base, 'temperature', 1))).toBeUndefined();
});

test('a merge takes what each of the two changed, and tells where both did', () => {
  const mine = withField(withField(base, 'temperature', 0.7), 'model', 'mine');
  const theirs = withField(withField(base, 'model', 'theirs'), 'max_iterations', 5);
  const { merged, conflicts } = merge(base, mine, theirs);
  expect(merged).toMatchObject({ temperature: 0.7, max_iterations: 5, model: 'mine' });
  expect(conflicts).toEqual(['model']);
});

test('both may have changed a field alike', () => {
  const both = withField(base, 'model', 'new');
  expect(merge(base, both, both)).toEqual({ merged: both, conflicts: [] });
});

test('a template that is a text stays one while a text says it', () => {
  const [first] = messagesOf('Be brief.');
  expect(first).toEqual({ role: 'system', content: 'Be brief.' });
  expect(templateOf([{ role: 'system', content: 'Be kind.' }], 'Be brief.')).toBe('Be kind.');
  const asked = { role: 'user', content: 'Hello' } as const;
  expect(templateOf([{ role: 'system', content: 'x' }, asked], 'x')).toHaveLength(2);
  expect(templateOf([], 'x')).toBeNull();
});
