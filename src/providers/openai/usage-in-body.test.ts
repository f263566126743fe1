import { expect, test } from 'vitest';
import { usageIn } from './usage-in-body.ts';

const counts = { prompt_tokens: 9, completion_tokens: 4 };

test.each([
  ['in the body', { usage: counts }],
  ['as text', { usage: { prompt_tokens: '9', completion_tokens: '4' } }],
  ['in the choice', { choices: [{ index: 0, usage: counts }] }],
  ['in x_groq', { x_groq: { usage: counts } }],
  ['with the names of other APIs', { usage: { input_tokens: 9, output_tokens: 4 } }],
  ['in the timings of llama.cpp', { timings: { prompt_n: 9, predicted_n: 4 } }],
  ['as Ollama does', { prompt_eval_count: 9, eval_count: 4 }],
  ['as a total', { usage: { total_tokens: 13, completion_tokens: 4 } }],
  [
    'with zeros beside them',
    { usage: { prompt_tokens: 0, completion_tokens: 0 }, choices: [{ usage: counts }] },
  ],
])('tokens are counted %s', (_, body) => {
  expect(usageIn(body)).toMatchObject({ inputTokens: 9, outputTokens: 4 });
});

test.each([
  ['in details', { prompt_tokens_details: { cached_tokens: 3 } }],
  ['beside the others, as of Moonshot', { cached_tokens: 3 }],
  ['as of DeepSeek', { prompt_cache_hit_tokens: 3, prompt_cache_miss_tokens: 6 }],
])('cached tokens are counted %s', (_, more) => {
  expect(usageIn({ usage: { ...counts, ...more } })).toMatchObject({
    inputTokens: 6,
    cacheReadTokens: 3,
  });
});

test.each([[{}], [{ usage: {} }], [{ usage: 'none' }], [{ usage: { prompt_tokens: -1 } }], [null]])(
  'what is not counted is null: %j',
  (body) => {
    expect(Object.values(usageIn(body))).toEqual([null, null, null, null, null]);
  },
);
