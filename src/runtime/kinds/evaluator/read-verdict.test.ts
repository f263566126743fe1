import { describe, expect, test } from 'vitest';
import type { EvaluatorDetails } from '../../../contract/kinds/evaluator.ts';
import { readVerdict } from './read-verdict.ts';

type ReturnType = EvaluatorDetails['return_type'];

function evaluator(return_type: ReturnType, more: object = {}): EvaluatorDetails {
  return { evaluator_type: 'llm', arguments_type: 'target_free', return_type, ...more };
}

const options = [{ name: 'good' }, { name: 'Bad' }, { name: 'Reason: none' }, { name: 'a, b' }];

function read(type: ReturnType, answer: string, more: object = {}, isJson = false) {
  const { judgment, error } = readVerdict(evaluator(type, more), answer, { isJson });
  return error === null ? judgment : error;
}

const noVerdict = expect.stringMatching(/^no verdict in the last line/);

describe('a boolean', () => {
  test.each([
    ['True', true],
    ['true', true],
    ['YES', true],
    ['pass', true],
    ['False', false],
    ['No.', false],
    ['fail', false],
    ['**no**', false],
    ['"yes"', true],
    ['`False`', false],
    ['__Pass__', true],
    ['It says what it should.\nTrue', true],
    ['It is wrong.\r\n\r\n  False  \n\n', false],
    ['Verdict: True', true],
    ['```\ntrue\n```', true],
    ['It is wrong.\n\n```text\nFalse\n```\n', false],
    ['**Verdict:** True', true],
    ['**Verdict**: **False**', false],
    ['Final answer - yes', true],
    ['Verdict — no', false],
    ['verdict = true', true],
    ['Is it polite (true or false): true', true],
    ["'true'.", true],
    ['false\nTrue', true],
    ['maybe', noVerdict],
    ['Yes, it is.', noVerdict],
    ['not true', noVerdict],
    ['true or false', noVerdict],
    ['True\nThat is what I think.', noVerdict],
    ['1', noVerdict],
    ['passed', noVerdict],
    ['I think that the answer is: true', noVerdict],
    ['***', noVerdict],
    [' \n', "The model's answer is empty."],
    ['', "The model's answer is empty."],
  ])('%j', (answer, expected) => {
    expect(read('boolean', answer)).toEqual(expected);
  });
});

describe('a number', () => {
  test.each([
    ['7', 7],
    ['-0.5', -0.5],
    ['.5', 0.5],
    ['+3', 3],
    ['1,000', 1000],
    ['2e3', 2000],
    ['85%', 85],
    ['Score: 7/10', 7],
    ['7 out of 10', 7],
    ['7 / 10', 7],
    ['**8.5/10**', 8.5],
    ['I give it 8 points.', 8],
    ['Score - 7', 7],
    ['Score -7', -7],
    ['Rating (1-5): 4', 4],
    ['Two of 3 are right.\n\nScore: 0.67', 0.67],
    ['Q3: 7', 7],
    ['7.', 7],
    ['between 7 and 8', noVerdict],
    ['7-8', noVerdict],
    ['1/2/3', noVerdict],
    ['7th', noVerdict],
    ['1,5', noVerdict],
    ['1.2.3', noVerdict],
    ['seven', noVerdict],
    ['gpt4', noVerdict],
    ['NaN', noVerdict],
    ['Infinity', noVerdict],
    ['1e400', 'A judgment of this evaluator must be a number.'],
  ])('%j', (answer, expected) => {
    expect(read('number', answer)).toEqual(expected);
  });

  test('outside of the limits is an error', () => {
    const more = { number_limits: { min: 0, max: 5, step: 0.5 } };
    expect(read('number', '7', more)).toBe('The judgment must be at most 5.');
    expect(read('number', '0.7', more)).toBe('The judgment must be in steps of 0.5.');
    expect(read('number', '4.5', more)).toBe(4.5);
  });
});

describe('an option', () => {
  test.each([
    ['good', 'good'],
    ['GOOD', 'good'],
    ['Answer: good', 'good'],
    ['It is fine.\n**bad**.', 'Bad'],
    ['Reason: none', 'Reason: none'],
    ['Answer: Reason: none', 'Reason: none'],
    ['"good"', 'good'],
    ['goodish', noVerdict],
    ['good or bad', noVerdict],
  ])('%j', (answer, expected) => {
    expect(read('select', answer, { options })).toEqual(expected);
  });

  test('that differs from another in case alone has to be named exactly', () => {
    const twins = { options: [{ name: 'A' }, { name: 'a' }, { name: 'B' }] };
    expect(['A', 'a', 'b'].map((name) => read('select', name, twins))).toEqual(['A', 'a', 'B']);
    const more = { options: [{ name: 'Ab' }, { name: 'aB' }] };
    expect(read('select', 'ab', more)).toEqual(noVerdict);
  });

  test('is any text if the evaluator has no options', () => {
    expect(read('select', 'Some words.\nTopic: the weather.')).toBe('the weather');
  });
});

describe('several options', () => {
  test.each([
    ['good, bad', ['good', 'Bad']],
    ['Bad', ['Bad']],
    ['["good", "bad"]', ['good', 'Bad']],
    ['Options: ["a, b"]', ['a, b']],
    ['Labels: **good**, **bad**', ['good', 'Bad']],
    ['a, b', ['a, b']],
    ['none', []],
    ['None.', []],
    ['[]', []],
    ['good, good', 'The judgment has the option `good` twice.'],
    ['good, ugly', noVerdict],
    ['good,', noVerdict],
    ['[1]', noVerdict],
    ['good and bad', noVerdict],
  ])('%j', (answer, expected) => {
    expect(read('multi_select', answer, { options })).toEqual(expected);
  });

  test('`none` may be an option', () => {
    expect(read('multi_select', 'None', { options: [{ name: 'none' }] })).toEqual(['none']);
  });
});

test('a text is the whole answer', () => {
  expect(read('text', 'One.\nTwo.\n')).toBe('One.\nTwo.\n');
  expect(read('text', 'x'.repeat(100_001))).toMatch(/at most 100000 characters/);
});

describe('JSON', () => {
  test.each<[ReturnType, string, unknown]>([
    ['boolean', '{"judgment": true, "score": 1}', true],
    ['boolean', '{"reason": "so", "verdict": "Yes"}', true],
    ['boolean', '```json\n{"answer": false}\n```', false],
    ['boolean', '{"judgment": null}', null],
    ['boolean', '{"judgment": 1}', 'A judgment of this evaluator must be true or false.'],
    ['boolean', '{"judgment": "maybe"}', 'no verdict: `judgment` must be true or false'],
    ['boolean', '{"is_good": true}', expect.stringMatching(/^no verdict: the JSON has none of/)],
    ['boolean', 'True', 'no verdict: the answer is not a JSON object'],
    ['boolean', '[true]', 'no verdict: the answer is not a JSON object'],
    ['number', '{"score": 0.5}', 0.5],
    ['number', '{"score": "7/10"}', 7],
    ['number', '{"result": {"score": 1}}', 'A judgment of this evaluator must be a number.'],
    ['select', '{"result": "GOOD"}', 'good'],
    ['multi_select', '{"answer": ["bad", "good"]}', ['Bad', 'good']],
    ['multi_select', '{"answer": []}', []],
    ['multi_select', '{"answer": "none"}', []],
    ['text', '{"judgment": "Line one.\\nLine two."}', 'Line one.\nLine two.'],
  ])('%s %s', (type, answer, expected) => {
    expect(read(type, answer, { options }, true)).toEqual(expected);
  });
});
