import { expect, test } from 'vitest';
import { unknownProvider } from './known-providers.ts';

test('the sentence lists what there is', () => {
  expect(unknownProvider('opnai', ['my-llama', 'my-qwen'])).toBe(
    'There is no provider `opnai`. The vendors are `openai`, `openai_azure`, `mock`, `anthropic`, `bedrock`, `cohere`, `deepseek`, `google`, `groq`, `replicate`; the custom endpoints of your organization are `my-llama`, `my-qwen`.',
  );
});

test('an organization without endpoints is told so, and a long name is cut', () => {
  const said = unknownProvider('x'.repeat(1_000), []);
  expect(said).toMatch(/; your organization has no custom endpoints\.$/);
  expect(said.length).toBeLessThan(400);
});
