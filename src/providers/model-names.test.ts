import { expect, test } from 'vitest';
import { completesTexts } from './model-names.ts';

test.each([
  ['openai', 'gpt-4o', false],
  ['openai', 'o3', false],
  ['openai', 'ft:gpt-4o-mini-2024-07-18:acme::8abc', false],
  ['openai', 'gpt-3.5-turbo-instruct', true],
  ['openai', 'gpt-3.5-turbo-instruct-0914', true],
  ['openai', 'babbage-002', true],
  ['openai', 'davinci-002', true],
  ['openai', 'ft:davinci-002:acme::8abc', true],
  ['openai', 'my-model', false],
  ['openai_azure', 'gpt-4o', false],
  ['openai_azure', 'our-deployment', true],
  ['anthropic', 'claude-sonnet-4-5', true],
  ['mock', 'any', true],
] as const)('of %s, whether %s completes texts: %s', (provider, model, completes) => {
  expect(completesTexts({ provider, model })).toBe(completes);
});
