import { describe, expect, test } from 'vitest';
import { type JudgedLog, testEvaluators } from '../../test/support/evaluators.ts';

const run = testEvaluators();

/** Runs an evaluator of this folder on a Log with this output. */
const judge = (name: string, output: unknown, target?: unknown) =>
  run(new URL(`code/${name}.py`, import.meta.url), { output }, target);
const judgeLog = (name: string, log: JudgedLog) =>
  run(new URL(`code/${name}.py`, import.meta.url), log);

describe('Code/Latency, Code/Cost and Code/Tokens', () => {
  const totals = { latency: 1.5, cost: 0.002, prompt_tokens: 100, output_tokens: 20 };

  test.each([
    ['latency', 1.5],
    ['cost', 0.002],
    ['tokens', 120],
  ])('%s is that of the Log with all below it', async (name, value) => {
    expect(await judgeLog(name, { totals })).toEqual({ value });
  });

  test.each([
    ['latency', { latency: null }],
    ['cost', { cost: null }],
    ['tokens', { output_tokens: null }],
  ])('%s says nothing where it is not known', async (name, unknown) => {
    expect(await judgeLog(name, { totals: { ...totals, ...unknown } })).toEqual({ value: null });
  });
});

describe('the answer of a Log', () => {
  const compared = (log: JudgedLog) =>
    run(new URL('code/exact_match.py', import.meta.url), log, { output: 'Paris' });

  test('is its output; without one, the text of its last message', async () => {
    const content = [
      { type: 'text', text: 'Pa' },
      { type: 'text', text: 'ris' },
    ];
    expect(await compared({ output: 'Paris' })).toEqual({ value: true });
    expect(await compared({ output_message: { content: 'Paris' } })).toEqual({ value: true });
    expect(await compared({ output_message: { content } })).toEqual({ value: true });
  });

  test('is empty for a Log that failed, or only called tools', async () => {
    expect(await compared({ error: 'No key.' })).toEqual({ value: false });
    expect(await compared({ output_message: { content: null } })).toEqual({ value: false });
  });
});

describe('Code/Exact match', () => {
  test.each([
    [' Paris\n', { output: 'Paris' }, true],
    ['paris', { output: 'Paris' }, false],
    ['Paris', { answer: 'Paris' }, true],
    ['Paris', { output: 'Paris', answer: 'Rome' }, true],
    ['42', { output: 42 }, true],
    ['{"b": [1], "a": null}', { output: { a: null, b: [1] } }, true],
    ['not JSON', { output: { a: 1 } }, false],
  ])('%j for %j is %j', async (output, target, value) => {
    expect(await judge('exact_match', output, target)).toEqual({ value });
  });

  test('a target that does not say which value is meant is an error that names the key', async () => {
    const { error } = await judge('exact_match', 'x', { first: 'x', second: 'y' });
    expect(error).toContain('The target of the Datapoint needs a key `output`.');
    expect((await judge('exact_match', 'x')).error).toContain('needs a key `output`');
  });
});

describe('Code/Contains', () => {
  test('every text has to be there, in upper or lower case', async () => {
    const answer = 'The capital of France is Paris.';
    const all = await judge('contains', answer, { contains: ['paris', 'FRANCE'] });
    expect(all.value).toEqual({ judgment: true, reason: null });
    const some = await judge('contains', answer, { contains: ['Paris', 'Rome', 'Oslo'] });
    expect(some.value).toEqual({ judgment: false, reason: 'Not in the answer: Rome, Oslo' });
  });

  test('one text, or the output of the target, will do', async () => {
    expect((await judge('contains', 'It is 42.', { contains: 42 })).value).toMatchObject({
      judgment: true,
    });
    expect((await judge('contains', 'In Paris', { output: 'Paris' })).value).toMatchObject({
      judgment: true,
    });
  });
});

describe('Code/Levenshtein', () => {
  test.each([
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['same', 'same', 0],
    ['flaw', 'lawn', 2],
    ['ab', 'ba', 2],
    ['naïve 🙂', 'naive', 3],
    ['12', 12, 0],
  ])('%j to %j is %i', async (output, wanted, value) => {
    expect(await judge('levenshtein', output, { output: wanted })).toEqual({ value });
  });

  test('it agrees with the textbook on random texts', async () => {
    const letters = (seed: number, length: number) =>
      Array.from({ length }, (_, index) => 'abcd'[((seed + index) * 7919 * (index + 3)) % 4]);
    for (let seed = 1; seed <= 10; seed++) {
      const [one, other] = [letters(seed, 30 + seed).join(''), letters(seed * 31, 40).join('')];
      expect(await judge('levenshtein', one, { output: other })).toEqual({
        value: textbookDistance(one, other),
      });
    }
  });

  test('it is fast enough for long answers', async () => {
    const long = 'All work and no play makes Jack a dull boy. '.repeat(500);
    const { value } = await judge('levenshtein', long, { output: long.toUpperCase() });
    expect(value).toBeGreaterThan(10_000);
  });
});

describe('Code/Valid JSON', () => {
  test.each([['{"a": [1, null]}'], ['"text"'], [' 1 ']])('%j is', async (output) => {
    expect(await judge('valid_json', output)).toEqual({ value: true });
  });

  test.each([
    ['{"a": 1,}', /line 1 column/],
    ['```json\n{}\n```', /Expecting value/],
    ['NaN', /NaN is not JSON/],
    [null, /Expecting value/],
  ])('%j is not, and the reason says where', async (output, reason) => {
    const { value } = await judge('valid_json', output);
    expect(value).toEqual({ judgment: false, reason: expect.stringMatching(reason) });
  });
});

describe('Code/Regex', () => {
  test.each([
    ['Order A-12', '[A-Z]-\\d+', true],
    ['Order A-12', '^[A-Z]-\\d+$', false],
    [null, '.', false],
  ])('%j matches %j: %j', async (output, pattern, value) => {
    expect(await judge('regex', output, { pattern })).toEqual({ value });
  });

  test('a missing or broken pattern is an error', async () => {
    expect((await judge('regex', 'x', {})).error).toContain('needs a key `pattern`');
    expect((await judge('regex', 'x', { pattern: '(' })).error).toContain('unterminated');
  });
});

describe('Code/JSON schema subset', () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A person',
    type: 'object',
    required: ['name', 'age'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1, pattern: '^[A-Z]' },
      age: { type: 'integer', minimum: 0, exclusiveMaximum: 150 },
      tags: { type: 'array', items: { enum: ['a', 'b', 1] }, maxItems: 2 },
      contact: { oneOf: [{ type: 'null' }, { type: 'string', maxLength: 5 }] },
    },
  };
  const faults = async (value: unknown, rules: unknown = schema) => {
    const said = await judge('json_schema_subset', JSON.stringify(value), { schema: rules });
    const { judgment, reason } = said.value as { judgment: boolean; reason: string | null };
    expect(judgment).toBe(reason === null);
    return reason?.split('\n') ?? [];
  };

  test('an answer that fits has no faults', async () => {
    expect(await faults({ name: 'Ada', age: 36.0, tags: ['a', 1], contact: null })).toEqual([]);
  });

  test('every fault is named with its place', async () => {
    const wrong = { name: '', age: 150, tags: ['a', 'c', true], contact: 'too long', other: 1 };
    expect(await faults(wrong)).toEqual([
      'the answer.other is not allowed',
      'the answer.name is shorter than 1',
      'the answer.name does not match ^[A-Z]',
      'the answer.age is not below 150',
      'the answer.tags[1] is none of ["a", "b", 1]',
      'the answer.tags[2] is none of ["a", "b", 1]',
      'the answer.tags has more items than 2',
      'the answer.contact fits 0 of the schemas of oneOf, not one',
    ]);
    expect(await faults([])).toEqual(['the answer is not of type object']);
    expect(await faults({})).toEqual(['the answer has no `name`', 'the answer has no `age`']);
  });

  test.each([
    [{ const: { a: [1] } }, { a: [1.0] }, true],
    [{ const: 1 }, true, false],
    [{ anyOf: [{ type: 'string' }, { minimum: 3 }] }, 2, false],
    [{ allOf: [{ minimum: 1 }, { maximum: 3 }] }, 2, true],
    [{ not: { type: ['string', 'null'] } }, null, false],
    [{ type: 'number' }, true, false],
    [true, 1, true],
    [false, 1, false],
    [{ properties: { a: false } }, { a: 1 }, false],
    [{ additionalProperties: { type: 'number' } }, { a: 1, b: 'x' }, false],
    [{ minItems: 1 }, [], false],
  ])('%j for %j: %j', async (rules, value, fits) => {
    expect((await faults(value, rules)).length === 0).toBe(fits);
  });

  test('a keyword that it does not know is an error, not a pass', async () => {
    const { error } = await judge('json_schema_subset', '1', { schema: { multipleOf: 2 } });
    expect(error).toContain('does not know the keyword `multipleOf`');
    const misspelt = await judge('json_schema_subset', '1', { schema: { type: 'int' } });
    expect(misspelt.error).toContain('does not know the type `int`');
  });

  test('an answer that is no JSON does not fit', async () => {
    const { value } = await judge('json_schema_subset', 'hello', { schema: {} });
    expect(value).toEqual({
      judgment: false,
      reason: expect.stringMatching(/^the answer is not JSON: Expecting value/),
    });
  });
});

function textbookDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [above, character] of [...one].entries()) {
    const next = [above + 1];
    for (let index = 0; index < other.length; index++) {
      const change = (row[index] ?? 0) + (character === other[index] ? 0 : 1);
      next.push(Math.min(change, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
