import { describe, expect, test } from 'vitest';
import { type JudgedLog, testEvaluators } from '../../test/support/evaluators.ts';

const run = testEvaluators();
const judge = (name: string, log: JudgedLog, target?: unknown) =>
  run(new URL(`agents/${name}.py`, import.meta.url), log, target);

interface Call {
  readonly name: string;
  readonly arguments?: unknown;
}

/** A call as it stands in `log["tool_calls"]`. */
function call(name: string, given: unknown = {}, error: string | null = null) {
  return { name, arguments: given, arguments_text: JSON.stringify(given), output: 'ok', error };
}

describe('Agents/Tool calls match', () => {
  const search = call('search', { q: 'weather', limit: 3, near: { city: 'Paris', km: 10 } });
  const book = call('book', { id: 7 });
  const pay = call('pay');

  const reasons = async (calls: readonly Call[], target: Record<string, unknown>) => {
    const { value, error } = await judge('tool_calls_match', { tool_calls: calls }, target);
    expect(error).toBeUndefined();
    const { judgment, reason } = value as { judgment: boolean; reason: string | null };
    expect(judgment).toBe(reason === null);
    return reason?.split('\n') ?? [];
  };
  const names = (...of: string[]) => of.map((name) => ({ name }));

  test.each([
    ['strict', names('search', 'book'), true],
    ['strict', names('book', 'search'), false],
    ['strict', names('search'), false],
    ['strict', names('search', 'book', 'pay'), false],
    ['unordered', names('book', 'search'), true],
    ['unordered', names('book'), false],
    ['unordered', names('book', 'book'), false],
    ['superset', names('book'), true],
    ['superset', names(), true],
    ['superset', names('search', 'book'), true],
    ['superset', names('book', 'search'), false],
    ['superset', names('book', 'pay'), false],
    ['subset', names('pay', 'book', 'search'), true],
    ['subset', names('book', 'search'), true],
    ['subset', names('book'), false],
  ])('search, book is %s of %j: %j', async (mode, tool_calls, matches) => {
    expect((await reasons([search, book], { mode, tool_calls })).length === 0).toBe(matches);
  });

  test('no call matches an empty list, and a call does not', async () => {
    expect(await reasons([], { tool_calls: [] })).toEqual([]);
    expect(await reasons([pay], { tool_calls: [] })).toEqual(['Unexpected: pay({})']);
  });

  test('each call counts once, however many could match it', async () => {
    const twice = { mode: 'subset', tool_calls: names('pay') };
    expect(await reasons([pay, pay], twice)).toEqual(['Unexpected: pay({})']);
    // The first expected call could take either; only the second `book` fits the other.
    const calls = [call('book', { id: 7 }), call('book', { id: 8 })];
    const tool_calls = [{ name: 'book' }, { name: 'book', arguments: { id: 7 } }];
    expect(await reasons(calls, { mode: 'unordered', tool_calls })).toEqual([]);
  });

  test.each([
    ['exact', { id: 7 }, true],
    ['exact', { id: 7.0 }, true],
    ['exact', { id: '7' }, false],
    ['exact', {}, false],
    ['subset', {}, true],
    ['subset', { id: 8 }, false],
    ['ignore', { id: 8 }, true],
  ])('arguments %s: %j for {"id": 7}: %j', async (how, wanted, matches) => {
    const target = { arguments: how, tool_calls: [{ name: 'book', arguments: wanted }] };
    expect((await reasons([book], target)).length === 0).toBe(matches);
  });

  test('arguments subset also looks into objects, but lists have to be equal', async () => {
    const expects = (wanted: unknown) => ({
      arguments: 'subset',
      tool_calls: [{ name: 'search', arguments: wanted }],
    });
    expect(await reasons([search], expects({ near: { city: 'Paris' } }))).toEqual([]);
    expect(await reasons([search], expects({ near: { city: 'Rome' } }))).toHaveLength(2);
    const many = call('search', { ids: [1, 2] });
    expect(await reasons([many], expects({ ids: [1] }))).toHaveLength(2);
  });

  test('true is not 1, and arguments that are no JSON match nothing but any', async () => {
    const target = { tool_calls: [{ name: 'set', arguments: { on: 1 } }] };
    expect(await reasons([call('set', { on: true })], target)).toHaveLength(2);
    const broken = { name: 'set', arguments: null, arguments_text: '{', error: null };
    expect(await reasons([broken], target)).toHaveLength(2);
    expect(await reasons([broken], { tool_calls: names('set') })).toEqual([]);
  });

  test('the reason names what is missing and what was not expected', async () => {
    const tool_calls = [{ name: 'search', arguments: { q: 'rain' } }, { name: 'pay' }];
    expect(await reasons([call('search', { q: 'sun' })], { tool_calls })).toEqual([
      'Missing: search({"q": "rain"})',
      'Missing: pay',
      'Unexpected: search({"q": "sun"})',
    ]);
  });

  test('a target that cannot be read is an error that names the key', async () => {
    const errorFor = async (target?: unknown) =>
      (await judge('tool_calls_match', {}, target)).error ?? '';
    expect(await errorFor()).toContain('needs a list `tool_calls`');
    expect(await errorFor({ tool_calls: 'search' })).toContain('needs a list `tool_calls`');
    expect(await errorFor({ tool_calls: [], mode: 'exact' })).toContain(
      "The `mode` of the target is 'exact', not one of strict, unordered, superset, subset.",
    );
    expect(await errorFor({ tool_calls: [], arguments: 'none' })).toContain('The `arguments` of');
  });
});

test('Agents/Tool call count counts the calls of the whole trace', async () => {
  const tool_calls = [call('search'), call('book'), call('search')];
  expect(await judge('tool_call_count', { tool_calls })).toEqual({ value: 3 });
  expect(await judge('tool_call_count', {})).toEqual({ value: 0 });
});

test('Agents/No tool errors names the calls that failed', async () => {
  const failed = call('pay', {}, 'The card was refused.');
  const { value } = await judge('no_tool_errors', { tool_calls: [call('book'), failed] });
  expect(value).toEqual({ judgment: false, reason: 'pay: The card was refused.' });
  const fine = await judge('no_tool_errors', { tool_calls: [call('book')] });
  expect(fine.value).toEqual({ judgment: true, reason: null });
});

test('Agents/Steps at most allows 10 model calls, or as many as the target says', async () => {
  const judgment = async (model_calls: number, target?: unknown) =>
    ((await judge('steps_at_most', { totals: { model_calls } }, target)).value as Judged).judgment;
  expect(await judgment(10)).toBe(true);
  expect(await judgment(11)).toBe(false);
  expect(await judgment(11, {})).toBe(false);
  expect(await judgment(11, { most_steps: 12 })).toBe(true);
  expect(await judgment(3, { most_steps: 2 })).toBe(false);
  expect(await judge('steps_at_most', { totals: { model_calls: null } })).toEqual({ value: null });
});

interface Judged {
  readonly judgment: boolean;
}

describe('Agents/Ends without client tool', () => {
  const inline = (name: string, on_agent_call: string) => ({
    type: 'inline',
    json_schema: { name },
    on_agent_call,
  });
  const agent = { tools: [inline('check_balance', 'continue'), inline('stop', 'stop')] };
  const endingWith = (...names: string[]) => ({
    agent,
    output_message: {
      role: 'assistant',
      tool_calls: names.map((name) => ({ id: 'call_1', function: { name, arguments: '{}' } })),
    },
  });

  test('an answer, or a tool that ends the agent, is an end', async () => {
    const answer = { agent, output: 'Hello', output_message: { content: 'Hello' } };
    const ended = { value: { judgment: true, reason: null } };
    expect(await judge('ends_without_client_tool', answer)).toEqual(ended);
    expect(await judge('ends_without_client_tool', endingWith('stop'))).toEqual(ended);
    expect(await judge('ends_without_client_tool', { output: 'of a flow' })).toEqual(ended);
  });

  test('a call of a tool of the client is none', async () => {
    const waiting = await judge('ends_without_client_tool', endingWith('check_balance'));
    expect(waiting.value).toEqual({ judgment: false, reason: 'Waits for check_balance' });
  });
});
