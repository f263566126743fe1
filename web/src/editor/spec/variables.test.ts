import { expect, test } from 'vitest';
import { inputOf, variablesOf } from './variables.ts';

const of = (template: string, template_language: 'default' | 'jinja' = 'default') =>
  variablesOf({ kind: 'agent', model: 'any', template, template_language });

test('variables appear once, in the order of their first use', () => {
  expect(of('{{b}} {{ a }} {{b}} {{user.name}}')).toEqual(['b', 'a', 'user.name']);
  expect(inputOf('user.name')).toBe('user');
  expect(inputOf('items[0]')).toBe('items');
  expect(inputOf('имя')).toBe('имя');
});

test('snippets, JSON and empty braces are no variables', () => {
  expect(of('{{ tones(brief) }} {{"a": 1}} {{}} { {x} }')).toEqual([]);
});

test('in Jinja what a template sets itself is no variable', () => {
  const template = `{% for item in items %}{{ item.name | upper }}{% endfor %}{% if coupon is defined %}{{ coupon }}{% endif %}{{ "text" }}`;
  expect(of(template, 'jinja')).toEqual(['items', 'coupon']);
});
