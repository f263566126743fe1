import { readFile } from 'node:fs/promises';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { environment } from '../src/config.ts';

const text = await readFile(new URL('../.env.example', import.meta.url), 'utf8');
const examples = [...text.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => ({
  name,
  value,
}));

test('.env.example has every setting, in the order of config.ts', () => {
  expect(examples.map(({ name }) => name)).toEqual(Object.keys(environment.properties));
});

test('.env.example tells the default of each setting that has one', () => {
  const defaults = Object.entries(Value.Default(environment, {}) as object);
  expect(examples).toEqual(
    expect.arrayContaining(defaults.map(([name, value]) => ({ name, value: String(value) }))),
  );
});

test('.env.example sets nothing as it is', () => {
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
});
