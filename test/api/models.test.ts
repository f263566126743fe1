import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';

const api = await testApp();

test('the models that have a price are listed by vendor, without those that are given up', async () => {
  const { statusCode, body } = await api.get('/models');
  expect(statusCode).toBe(200);
  const modelsOf = (name: string): readonly string[] =>
    body.find(({ provider }: { provider: string }) => provider === name)?.models ?? [];
  expect(modelsOf('openai')).toContain('gpt-4o');
  expect(modelsOf('anthropic').length).toBeGreaterThan(3);
  expect(modelsOf('openai')).toEqual([...modelsOf('openai')].sort());
  expect(modelsOf('mock')).toEqual([]);
});
