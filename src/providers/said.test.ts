import { expect, test } from 'vitest';
import { modelRequest } from '../../test/support/model-call.ts';
import { requireNothingLost, type Said, withJsonAsText } from './said.ts';

function said(fields: Partial<Said> = {}): Said {
  return { text: '', reasoning: '', calls: [], ...fields };
}

const call = (name: string, json: string) => ({ name, arguments: json });

test.each([
  [said({ text: 'Hi\n' }), said({ text: ' Hi' })],
  [said({ calls: [call('f', '')] }), said({ calls: [call('f', '{}')] })],
  [said({ calls: [call('f', 'null')] }), said({ calls: [call('f', '{}')] })],
  [said({ calls: [call('f', '{"a": 1}')] }), said({ calls: [call('f', '{"a":1}')] })],
  [said({ calls: [call('f', '{"a": "b')] }), said({ calls: [call('f', '{"a": "b')] })],
  [
    said({ calls: [call('f', '1'), call('g', '2')] }),
    said({ calls: [call('g', '2'), call('f', '1')] }),
  ],
])('an answer that says the same passes: %j', (sent, answer) => {
  expect(() => requireNothingLost(sent, answer, null)).not.toThrow();
});

test.each([
  ['text could not be read', said({ text: 'Hi there' }), said({ text: 'Hi' })],
  ['text cannot be found in what it sent', said({ text: 'Hi' }), said({ text: 'Hi there' })],
  ['reasoning could not be read', said({ reasoning: 'Hm.' }), said()],
  ['tool calls could not be read', said({ calls: [call('f', '{}')] }), said()],
  ['tool calls cannot be found', said(), said({ calls: [call('f', '{}')] })],
  [
    'arguments of a call of `f`',
    said({ calls: [call('f', '{"a":1}')] }),
    said({ calls: [call('f', '{}')] }),
  ],
  [
    'arguments of a call of `f`',
    said({ calls: [call('f', '1'), call('f', '1')] }),
    said({ calls: [call('f', '1'), call('f', '2')] }),
  ],
])('what is lost is named: %s', (words, sent, answer) => {
  expect(() => requireNothingLost(sent, answer, null)).toThrow(words);
});

test('the call of a tool that a package added for JSON is the text of the answer', () => {
  const json = said({ text: 'Here:', calls: [call('json', '{"a":1}')] });
  const asked = modelRequest({ responseFormat: { type: 'json_object' } });
  expect(withJsonAsText(json, asked)).toEqual(said({ text: '{"a":1}' }));
  expect(withJsonAsText(json, modelRequest())).toBe(json);
  const own = { ...asked, tools: [{ name: 'json', description: 'Ours.' }] };
  expect(withJsonAsText(json, own)).toBe(json);
});
