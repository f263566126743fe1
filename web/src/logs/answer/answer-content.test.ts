import { expect, test } from 'vitest';
import { faultIn, rejection, resultText } from './answer-content.ts';
import { emptyDraft } from './answer-draft.ts';

test('a result is text as it is, or JSON', () => {
  expect(resultText('executed')).toBe('executed');
  expect(resultText({ status: 'executed' })).toBe('{"status":"executed"}');
});

test('a rejection is a result that says so, with the reason', () => {
  expect(rejection(' ')).toBe('Error: The call was rejected.');
  expect(rejection('Too much. ')).toBe('Error: The call was rejected. Too much.');
});

test('nothing is sent by mistake: no empty result, and no JSON that is none', () => {
  expect(faultIn(emptyDraft)).toBe('Write the result, or reject the call.');
  expect(faultIn({ ...emptyDraft, text: '{"a"' })).toBeUndefined();
  expect(faultIn({ ...emptyDraft, text: '{"a"', isJson: true })).toBe('This is not JSON yet.');
  expect(faultIn({ ...emptyDraft, text: '0.10', isJson: true })).toBeUndefined();
});
