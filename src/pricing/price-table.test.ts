import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { ModelProvider } from '../contract/providers.ts';
import type { TokenBuckets } from './price.ts';
import type { PriceRow } from './price-row.ts';
import { createPriceTable } from './price-table.ts';

const table = createPriceTable();

/** US dollars per token, from US dollars per million tokens. */
const perMillion = (dollars: number) => dollars / 1_000_000;

/** Numbers of tokens: input, output, read from a cache, written to a cache. */
function buckets(
  input: number | null,
  output: number | null,
  read: number | null = null,
  written: number | null = null,
): TokenBuckets {
  return {
    input_tokens: input,
    output_tokens: output,
    cache_read_tokens: read,
    cache_write_tokens: written,
  };
}

/**
 * A call and the expected costs of its input and its output. The call is made in May 2026 unless it
 * names another time.
 */
interface Fixture {
  readonly call: readonly [ModelProvider, string, TokenBuckets, string?];
  readonly prompt: number | null;
  readonly output: number | null;
}

const fixture = (
  call: Fixture['call'],
  prompt: number | null,
  output: number | null,
): [string, Fixture] => [
  `${call[0]} ${call[1]} ${JSON.stringify(call[2])} ${call[3] ?? ''}`,
  { call, prompt, output },
];

function check({ call, prompt, output }: Fixture, prices = table): void {
  const [provider, model, usage, at = '2026-05-01T12:00:00.000000Z'] = call;
  const cost = prices.costOf({ provider, model, usage, at });
  expectDollars(cost.prompt_cost, prompt);
  expectDollars(cost.output_cost, output);
  expect(cost.price_table).toBe(prompt === null && output === null ? null : prices.version);
}

/**
 * Equal except for the last digits, in which sums of the same numbers in another order can differ.
 */
function expectDollars(actual: number | null, expected: number | null): void {
  if (actual === null || expected === null || expected === 0) expect(actual).toBe(expected);
  else expect(actual / expected).toBeCloseTo(1, 12);
}

describe('OpenAI', () => {
  test.each([
    // 2.5 and 10 dollars per million.
    fixture(['openai', 'gpt-4o', buckets(1_000, 500)], 0.0025, 0.005),
    fixture(['openai', 'gpt-4o-2024-08-06', buckets(1_000, 500)], 0.0025, 0.005),
    // 600 × 2.5 + 400 × 1.25 = 2,000: a cache read is half.
    fixture(['openai', 'gpt-4o', buckets(600, 0, 400)], 0.002, 0),
    fixture(['openai', 'gpt-4o-mini', buckets(1_000_000, 1_000_000)], 0.15, 0.6),
    // 2,000 × 0.15 + 8,000 × 0.075 = 900
    fixture(['openai', 'gpt-4o-mini', buckets(2_000, 100, 8_000)], 0.0009, 0.00006),
    fixture(['openai', 'gpt-4.1', buckets(10_000, 1_000)], 0.02, 0.008),
    // 1,000 × 2 + 9,000 × 0.5 = 6,500
    fixture(['openai', 'gpt-4.1', buckets(1_000, 1_000, 9_000)], 0.0065, 0.008),
    fixture(['openai', 'gpt-5', buckets(8_000, 2_000)], 0.01, 0.02),
    // 1,000 × 1.25 + 7,000 × 0.125 = 2,125: a cache read is a tenth.
    fixture(['openai', 'gpt-5', buckets(1_000, 2_000, 7_000)], 0.002125, 0.02),
    fixture(['openai', 'gpt-5-mini', buckets(4_000, 1_000)], 0.001, 0.002),
    fixture(['openai', 'gpt-4', buckets(1_000, 1_000)], 0.03, 0.06),
    fixture(['openai', 'gpt-3.5-turbo', buckets(2_000, 2_000)], 0.001, 0.003),
    fixture(['openai', 'gpt-3.5-turbo-instruct', buckets(2_000, 2_000)], 0.003, 0.004),
    // Reasoning is a part of the output: the 3,000 tokens include 2,900 of reasoning, and cost
    // 3,000 × 4.4.
    fixture(['openai', 'o3-mini', buckets(1_000, 3_000)], 0.0011, 0.0132),
    fixture(['openai', 'o4-mini', buckets(1_000, 3_000, 4_000)], 0.0011 + 0.0011, 0.0132),
    fixture(['openai', 'o1', buckets(100, 10_000)], 0.0015, 0.6),
    // The case of the name does not matter.
    fixture(['openai', 'GPT-4o', buckets(1_000, 500)], 0.0025, 0.005),
  ])('%s', (_, expected) => check(expected));
});

describe('fine-tuned models of OpenAI cost more than what they are made of', () => {
  test.each([
    fixture(['openai', 'ft:gpt-4o-2024-08-06:acme::abc123', buckets(1_000, 1_000)], 0.00375, 0.015),
    fixture(
      ['openai', 'ft:gpt-4o-mini-2024-07-18:acme:bot:x', buckets(1_000, 1_000)],
      0.0003,
      0.0012,
    ),
    fixture(['openai', 'ft:gpt-3.5-turbo-0125:acme::x', buckets(1_000, 1_000)], 0.003, 0.006),
    fixture(['openai', 'ft:gpt-99:acme::x', buckets(1_000, 1_000)], null, null),
  ])('%s', (_, expected) => check(expected));
});

describe('Anthropic', () => {
  test.each([
    fixture(['anthropic', 'claude-3-5-haiku-20241022', buckets(10_000, 1_000)], 0.008, 0.004),
    // 1,000 × 3 + 20,000 × 0.3 + 4,000 × 3.75 = 24,000: reads are a tenth, writes a quarter more.
    fixture(
      ['anthropic', 'claude-sonnet-4-20250514', buckets(1_000, 200, 20_000, 4_000)],
      0.024,
      0.003,
    ),
    // 4,735 × 3.75 + 5 × 3 = 17,771.25
    fixture(
      ['anthropic', 'claude-3-7-sonnet-20250219', buckets(5, 255, 0, 4_735)],
      0.01777125,
      0.003825,
    ),
    fixture(['anthropic', 'claude-3-opus-20240229', buckets(1_000, 1_000)], 0.015, 0.075),
    fixture(['anthropic', 'claude-opus-4-1-20250805', buckets(0, 0, 1_000_000, 0)], 1.5, 0),
    fixture(['anthropic', 'claude-opus-4-1-20250805', buckets(0, 0, 0, 1_000_000)], 18.75, 0),
    fixture(
      ['anthropic', 'claude-haiku-4-5-20251001', buckets(1_000, 1_000, 1_000, 1_000)],
      0.00235,
      0.005,
    ),
    fixture(['anthropic', 'claude-opus-4-5', buckets(2_000, 400)], 0.01, 0.01),
    // Thinking is included in the output count of Anthropic.
    fixture(['anthropic', 'claude-3-haiku-20240307', buckets(4_000, 8_000)], 0.001, 0.01),
  ])('%s', (_, expected) => check(expected));
});

describe('a long context costs more, all of it: the size is that of the whole input', () => {
  test.each([
    // Exactly 200,000 is not above the step.
    fixture(['anthropic', 'claude-sonnet-4-5', buckets(200_000, 1_000)], 0.6, 0.015),
    // 200,001 × 6, and 1,000 × 22.5
    fixture(['anthropic', 'claude-sonnet-4-5', buckets(200_001, 1_000)], 1.200006, 0.0225),
    // 1 + 200,000 from the cache is above the step too: 1 × 6 + 200,000 × 0.6 = 120,006
    fixture(['anthropic', 'claude-sonnet-4-5', buckets(1, 1_000, 200_000)], 0.120006, 0.0225),
    // 100,000 × 6 + 50,000 × 0.6 + 60,000 × 7.5 = 1,080,000
    fixture(['anthropic', 'claude-sonnet-4-5', buckets(100_000, 0, 50_000, 60_000)], 1.08, 0),
    fixture(['google', 'gemini-2.5-pro', buckets(200_000, 1_000)], 0.25, 0.01),
    fixture(['google', 'gemini-2.5-pro', buckets(200_001, 1_000)], 0.5000025, 0.015),
    // 150,000 × 2.5 + 100,000 × 0.25 = 400,000
    fixture(['google', 'gemini-2.5-pro', buckets(150_000, 0, 100_000)], 0.4, 0),
    fixture(['google', 'gemini-1.5-pro', buckets(128_000, 1_000)], 0.16, 0.005),
    fixture(['google', 'gemini-1.5-pro', buckets(128_001, 1_000)], 0.3200025, 0.01),
    // The length of the input determines the price of the output, however long the output is.
    fixture(['google', 'gemini-2.5-pro', buckets(10, 300_000)], 0.0000125, 3),
    fixture(['openai', 'gpt-5.4', buckets(271_999, 100)], 0.6799975, 0.0015),
    fixture(['openai', 'gpt-5.4', buckets(272_000, 100)], 1.36, 0.00225),
    // Without the input, the step is unknown.
    fixture(['google', 'gemini-2.5-pro', buckets(null, 1_000)], null, null),
  ])('%s', (_, expected) => check(expected));
});

describe('Google', () => {
  test.each([
    // 700 tokens of thinking and 300 of text are 1,000 of output.
    fixture(['google', 'gemini-2.5-flash', buckets(1_000, 1_000)], 0.0003, 0.0025),
    // 1,000 × 0.3 + 9,000 × 0.03 = 570
    fixture(['google', 'gemini-2.5-flash', buckets(1_000, 1_000, 9_000)], 0.00057, 0.0025),
    fixture(['google', 'gemini-2.5-flash-lite', buckets(1_000, 1_000)], 0.0001, 0.0004),
    fixture(['google', 'gemini-2.0-flash', buckets(1_000, 1_000)], 0.0001, 0.0004),
    // There is no price for cache reads, so they cost as much as other input: 3,000 × 0.075
    fixture(['google', 'gemini-2.0-flash-lite', buckets(1_000, 0, 2_000)], 0.000225, 0),
  ])('%s', (_, expected) => check(expected));
});

describe('Azure has names of its own, and the prices of whose models it serves', () => {
  test.each([
    fixture(['openai_azure', 'gpt-4o', buckets(1_000, 500)], 0.0025, 0.005),
    fixture(['openai_azure', 'gpt-35-turbo', buckets(2_000, 2_000)], 0.001, 0.003),
    fixture(['openai_azure', 'o1', buckets(1_000, 1_000, 1_000)], 0.0225, 0.06),
    // 1,000 × 0.28: a thousandth of a cent more than at OpenAI.
    fixture(['openai_azure', 'o4-mini', buckets(0, 0, 1_000)], 0.00028, 0),
    // The name of a deployment says nothing about its model.
    fixture(['openai_azure', 'our-deployment', buckets(1_000, 500)], null, null),
  ])('%s', (_, expected) => check(expected));
});

describe('Bedrock', () => {
  test.each([
    fixture(
      ['bedrock', 'anthropic.claude-3-5-sonnet-20240620-v1:0', buckets(1_000, 1_000)],
      0.003,
      0.015,
    ),
    // 1,000 × 0.8 + 1,000 × 0.08 + 1,000 × 1 = 1,880
    fixture(
      ['bedrock', 'us.anthropic.claude-3-5-haiku-20241022-v1:0', buckets(1_000, 0, 1_000, 1_000)],
      0.00188,
      0,
    ),
    // A regional model costs a tenth more than a global one.
    fixture(
      ['bedrock', 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0', buckets(1_000, 1_000)],
      0.0033,
      0.0165,
    ),
    fixture(
      ['bedrock', 'global.anthropic.claude-sonnet-4-5-20250929-v1:0', buckets(1_000, 1_000)],
      0.003,
      0.015,
    ),
    fixture(['bedrock', 'amazon.nova-pro-v1:0', buckets(1_000, 1_000)], 0.0008, 0.0032),
    fixture(['bedrock', 'amazon.nova-micro-v1:0', buckets(0, 1_000, 1_000)], 0.00000875, 0.00014),
    fixture(
      ['bedrock', 'meta.llama3-1-70b-instruct-v1:0', buckets(1_000, 1_000)],
      0.00072,
      0.00072,
    ),
    fixture(['bedrock', 'deepseek.r1-v1:0', buckets(1_000, 1_000)], 0.00135, 0.0054),
    fixture(['bedrock', 'gpt-4o', buckets(1_000, 1_000)], null, null),
  ])('%s', (_, expected) => check(expected));
});

describe('Cohere and Groq', () => {
  test.each([
    fixture(['cohere', 'command-r-08-2024', buckets(1_000, 1_000)], 0.00015, 0.0006),
    fixture(['cohere', 'command-r-plus', buckets(1_000, 1_000)], 0.0025, 0.01),
    fixture(['cohere', 'command-a-03-2025', buckets(2_000, 100)], 0.005, 0.001),
    fixture(['cohere', 'command-r7b-12-2024', buckets(4_000, 1_000)], 0.00015, 0.00015),
    // An embedding model has no price for output: the cost is unknown, not 0.
    fixture(['cohere', 'embed-v4.0', buckets(1_000, 1)], 0.00012, null),
    fixture(['groq', 'llama-3.3-70b-versatile', buckets(1_000, 1_000)], 0.00059, 0.00079),
    fixture(['groq', 'llama-3.1-8b-instant', buckets(10_000, 10_000)], 0.0005, 0.0008),
    fixture(['groq', 'openai/gpt-oss-120b', buckets(1_000, 1_000, 1_000)], 0.000225, 0.0006),
    // Priced per hour of audio, so there is no price for tokens.
    fixture(['groq', 'whisper-large-v3', buckets(1_000, 1_000)], null, null),
  ])('%s', (_, expected) => check(expected));
});

describe('prices change, and the time of the call says which held', () => {
  const spring = buckets(1_000_000, 1_000_000, 1_000_000);
  test.each([
    // 0.27 + 0.07 by day, half of that by night, from 16:30 to 00:30 UTC.
    fixture(['deepseek', 'deepseek-chat', spring, '2025-05-01T12:00:00Z'], 0.34, 1.1),
    fixture(['deepseek', 'deepseek-chat', spring, '2025-05-01T16:29:59.999Z'], 0.34, 1.1),
    fixture(['deepseek', 'deepseek-chat', spring, '2025-05-01T16:30:00Z'], 0.17, 0.55),
    fixture(['deepseek', 'deepseek-chat', spring, '2025-05-02T00:29:59Z'], 0.17, 0.55),
    fixture(['deepseek', 'deepseek-chat', spring, '2025-05-02T00:30:00Z'], 0.34, 1.1),
    // 0.55 + 0.14 by day; by night as much as the other model.
    fixture(['deepseek', 'deepseek-reasoner', spring, '2025-05-01T12:00:00Z'], 0.69, 2.19),
    fixture(['deepseek', 'deepseek-reasoner', spring, '2025-05-01T20:00:00Z'], 0.17, 0.55),
    // Later one price for both models at all hours: 0.56 + 0.07.
    fixture(['deepseek', 'deepseek-chat', spring, '2025-09-05T15:59:59Z'], 0.34, 1.1),
    fixture(['deepseek', 'deepseek-chat', spring, '2025-09-05T16:00:00Z'], 0.63, 1.68),
    fixture(['deepseek', 'deepseek-reasoner', spring, '2025-09-10T20:00:00Z'], 0.63, 1.68),
    // Then a lower price: 0.28 + 0.028.
    fixture(['deepseek', 'deepseek-chat', spring, '2025-09-29T00:00:00Z'], 0.308, 0.42),
    fixture(['deepseek', 'deepseek-reasoner', spring, '2026-01-01T20:00:00Z'], 0.308, 0.42),
    // 10 and 40 until June 10th.
    fixture(['openai', 'o3', buckets(1_000, 1_000), '2025-06-09T23:59:59.999999Z'], 0.01, 0.04),
    fixture(['openai', 'o3', buckets(1_000, 1_000), '2025-06-10T00:00:00.000000Z'], 0.002, 0.008),
    // Long contexts cost as much as short ones since March 13th.
    fixture(['anthropic', 'claude-opus-4-6', buckets(300_000, 0), '2026-03-12T12:00:00Z'], 3, 0),
    fixture(['anthropic', 'claude-opus-4-6', buckets(300_000, 0), '2026-03-13T00:00:00Z'], 1.5, 0),
  ])('%s', (_, expected) => check(expected));
});

describe('what is not known is null, and what is free is 0', () => {
  test.each([
    fixture(['openai', 'a-model-of-tomorrow', buckets(1_000, 1_000)], null, null),
    fixture(['openai', '', buckets(1_000, 1_000)], null, null),
    // Only the vendor's own models count.
    fixture(['openai', 'claude-3-5-haiku-latest', buckets(1_000, 1_000)], null, null),
    fixture(['anthropic', 'gpt-4o', buckets(1_000, 1_000)], null, null),
    fixture(['mock', 'gpt-4o', buckets(1_000, 1_000)], null, null),
    fixture(['replicate', 'meta/meta-llama-3-8b', buckets(1_000, 1_000)], null, null),
    fixture(['openai', 'gpt-4o', buckets(null, null)], null, null),
    fixture(['openai', 'gpt-4o', buckets(null, 500)], null, 0.005),
    fixture(['openai', 'gpt-4o', buckets(1_000, null)], 0.0025, null),
    // Without the total input, the uncached part is unknown.
    fixture(['openai', 'gpt-4o', buckets(null, null, 400)], null, null),
    fixture(['openai', 'gpt-4o', buckets(0, 0)], 0, 0),
    // The largest possible count: 2,147,483,647 × 2.5 and × 10.
    fixture(['openai', 'gpt-4o', buckets(2_147_483_647, 2_147_483_647)], 5368.7091175, 21474.83647),
    // One token.
    fixture(['openai', 'gpt-4o-mini', buckets(1, 1)], 0.00000015, 0.0000006),
  ])('%s', (_, expected) => check(expected));
});

describe('an operator’s own prices', () => {
  const row: PriceRow = { provider: 'openai', model: 'gpt-4o', input: 1, output: 2 };

  test('go before those that come with Loopwright', () => {
    const prices = createPriceTable([row]);
    check(fixture(['openai', 'gpt-4o', buckets(1_000, 1_000, 1_000)], 0.002, 0.002)[1], prices);
    check(fixture(['openai', 'gpt-4o-mini', buckets(1_000, 0)], 0.00015, 0)[1], prices);
  });

  test('hold from when they say; before, others do', () => {
    const prices = createPriceTable([
      { ...row, from: '2026-02-01T00:00:00Z' },
      { ...row, input: 3, from: '2026-03-01T00:00:00+01:00' },
    ]);
    const cost = (at: string) =>
      prices.costOf({ provider: 'openai', model: 'gpt-4o', usage: buckets(1_000_000, 0), at })
        .prompt_cost;
    expect(cost('2026-01-31T23:59:59Z')).toBe(2.5);
    expect(cost('2026-02-01T00:00:00Z')).toBe(1);
    expect(cost('2026-02-28T22:59:59Z')).toBe(1);
    expect(cost('2026-02-28T23:00:00Z')).toBe(3);
  });

  test('may be for all models whose names begin alike, and later ones go before earlier ones', () => {
    const prices = createPriceTable([
      { provider: 'openai_azure', model: 'ours-*', input: 5, output: 5 },
      { provider: 'openai_azure', model: 'Ours-Small', input: 0, output: 0 },
    ]);
    check(fixture(['openai_azure', 'ours-large', buckets(1_000, 1_000)], 0.005, 0.005)[1], prices);
    check(fixture(['openai_azure', 'ours-small', buckets(1_000, 1_000)], 0, 0)[1], prices);
    check(fixture(['openai', 'ours-large', buckets(1_000, 1_000)], null, null)[1], prices);
  });

  test('may have steps and hours', () => {
    const prices = createPriceTable([
      {
        ...row,
        provider: 'replicate',
        model: 'm',
        cache_read: 0.1,
        above: [
          { tokens: 2_000, input: 4 },
          { tokens: 1_000, input: 3, output: 6, cache_read: 0.3 },
        ],
      },
      { provider: 'replicate', model: 'm', input: 0, output: 0, utc_hours: ['22:00', '06:00'] },
    ]);
    const at = '2026-05-01T12:00:00Z';
    check(fixture(['replicate', 'm', buckets(1_000, 1), at], 0.001, perMillion(2))[1], prices);
    // 900 × 3 + 101 × 0.3 = 2,730.3
    check(
      fixture(['replicate', 'm', buckets(900, 1, 101), at], 0.0027303, perMillion(6))[1],
      prices,
    );
    // A price that the last step leaves out is taken from the step before it.
    check(fixture(['replicate', 'm', buckets(2_001, 1), at], 0.008004, perMillion(6))[1], prices);
    check(fixture(['replicate', 'm', buckets(9, 9), '2026-05-01T23:00:00Z'], 0, 0)[1], prices);
    check(fixture(['replicate', 'm', buckets(9, 9), '2026-05-01T05:59:59Z'], 0, 0)[1], prices);
  });

  test('change the version of the table, and equal ones do not', () => {
    const versions = [[], [row], [row], [{ ...row, input: 2 }]].map(
      (rows) => createPriceTable(rows).version,
    );
    expect(new Set(versions).size).toBe(3);
    expect(versions[1]).toBe(versions[2]);
  });
});

test('the version of the table is that of the package', async () => {
  const { dependencies } = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  const { '@pydantic/genai-prices': version } = dependencies;
  expect(table.version).toMatch(new RegExp(`^genai-prices-${version}\\+[0-9a-f]{12}$`));
});
