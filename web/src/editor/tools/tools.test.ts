import { expect, test } from 'vitest';
import type { Spec } from '../spec/spec.ts';
import { readParameters, writeParameters } from './parameters.ts';
import { entriesOf, newInlineTool, placeOf, withEntries } from './tool-entries.ts';

test('a schema of plain parameters is a form, and comes back as it was', () => {
  const schema = {
    type: 'object',
    properties: {
      city: { type: 'string', description: 'Where', enum: ['Berlin', 'Rome'] },
      days: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string' } },
    },
    required: ['city'],
  };
  const parameters = readParameters(schema);
  expect(parameters?.map(({ name, type, isRequired }) => [name, type, isRequired])).toEqual([
    ['city', 'string', true],
    ['days', 'integer', false],
    ['tags', 'list', false],
  ]);
  expect(writeParameters(parameters ?? [])).toEqual(schema);
});

test.each([
  { type: 'object', properties: { a: { type: 'object', properties: {} } } },
  { type: 'object', properties: { a: { type: 'number', minimum: 1 } } },
  { type: 'object', properties: {}, additionalProperties: false },
  { anyOf: [] },
])('what a form of lines cannot say is no form: %j', (schema) => {
  expect(readParameters(schema)).toBeUndefined();
});

test('tools of a prompt are its functions and its links', () => {
  const prompt: Spec = {
    kind: 'prompt',
    model: 'any',
    tools: [{ name: 'a', description: 'A' }],
    linked_tools: ['tl_1'],
  };
  const entries = entriesOf(prompt);
  expect(entries.map(({ type }) => type)).toEqual(['inline', 'file']);
  expect(withEntries(prompt, entries)).toEqual(prompt);
  expect(placeOf(prompt, entries, 1)).toBe('linked_tools.0');
  const more = withEntries(prompt, [...entries, newInlineTool(entries)]);
  expect(more.tools).toHaveLength(2);
});

test('a new tool has a name of its own', () => {
  const first = newInlineTool([]);
  expect(newInlineTool([first]).json_schema.name).toBe('new_tool_2');
});
