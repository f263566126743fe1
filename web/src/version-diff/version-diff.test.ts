import { expect, test } from 'vitest';
import { countChanges } from './diff-facts.ts';
import { diffSpecs } from './diff-specs.ts';

const tool = (name: string, properties: Record<string, unknown>, required: string[] = []) => ({
  type: 'inline',
  json_schema: {
    name,
    description: 'It helps.',
    parameters: { type: 'object', properties, required },
  },
});

const teller = {
  provider: 'mock',
  model: 'small',
  temperature: 0.2,
  template: [{ role: 'system', content: 'You are a careful teller.' }],
  tools: [tool('get_balance', { account: { type: 'string' } }), tool('stop', {})],
};

test('equal versions do not differ', () => {
  expect(diffSpecs('agent', teller, structuredClone(teller))).toEqual([]);
});

test('the changes of a version are told by field', () => {
  const next = {
    ...teller,
    model: 'large',
    temperature: null,
    template: [
      { role: 'system', content: 'You are a polite teller.' },
      { role: 'user', content: '{{question}}' },
    ],
    tools: [
      tool('get_balance', { account: { type: 'string' } }, ['account']),
      tool('transfer', { to: { type: 'string' } }),
    ],
  };
  const sections = diffSpecs('agent', teller, next);
  expect(sections).toMatchObject([
    { name: 'Model', changes: [{ name: 'Model', before: 'small', after: 'large' }] },
    { name: 'Parameters', changes: [{ name: 'Temperature', before: '0.2', after: undefined }] },
    {
      name: 'Instructions',
      changes: [
        { type: 'text', name: 'System', before: 'You are a careful teller.' },
        { type: 'text', name: 'User', before: undefined, after: '{{question}}' },
      ],
    },
    {
      name: 'Tools',
      changes: [
        {
          name: 'get_balance',
          how: 'changed',
          changes: [
            {
              name: 'Parameters',
              changes: [{ name: 'account', before: 'string, optional', after: 'string, required' }],
            },
          ],
        },
        { name: 'transfer', how: 'added' },
        { name: 'stop', how: 'removed' },
      ],
    },
  ]);
  expect(countChanges(sections.flatMap(({ changes }) => changes))).toBeGreaterThan(6);
});

test('code, attributes and nested JSON are told by field, too', () => {
  const before = { source_code: 'def a(): pass', attributes: { team: { name: 'x', size: 1 } } };
  const after = { source_code: 'def b(): pass', attributes: { team: { name: 'x', size: 2 } } };
  expect(diffSpecs('tool', before, after)).toMatchObject([
    { name: 'Code', changes: [{ type: 'code', before: 'def a(): pass' }] },
    {
      name: 'Attributes',
      changes: [{ name: 'Team', changes: [{ name: 'size', before: '1', after: '2' }] }],
    },
  ]);
});
