import { expect, test } from 'vitest';
import { forkRequest } from './fork-request.ts';
import { instructionsIn, withInstructions } from './instructions.ts';
import { openCallsOf } from './open-calls.ts';

const system = { role: 'system', content: 'Be kind.' } as const;
const forked = { logId: 'a/b', model: 'small', template: [system, { role: 'user' as const }] };
const same = {
  ...{ turn: 2, model: 'small', instructions: undefined, edits: new Map(), message: ' ' },
  answers: new Map(),
};

test('a fork names what is different, and nothing else', () => {
  expect(forkRequest(forked, same)).toEqual({
    method: 'POST',
    path: '/v5/logs/a%2Fb/fork',
    body: { turn: 2 },
  });
  const draft = {
    ...same,
    model: 'large',
    instructions: 'Be brief.',
    edits: new Map([[3, 'closed today']]),
    message: 'And tomorrow?',
  };
  expect(forkRequest(forked, draft).body).toEqual({
    turn: 2,
    agent: {
      model: 'large',
      template: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }],
    },
    edits: [{ index: 3, content: 'closed today' }],
    messages: [{ role: 'user', content: 'And tomorrow?' }],
  });
});

test('a fork of a log that waits has results for its open calls', () => {
  const call = (id: string) => ({
    id,
    type: 'function' as const,
    function: { name: 'ask', arguments: '{"a":1}' },
  });
  const calls = openCallsOf({
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', tool_calls: [call('call_1'), call('call_2')] },
      { role: 'tool', tool_call_id: 'call_1', content: 'Yes.' },
    ],
  });
  expect(calls).toMatchObject([{ id: 'call_2', name: 'ask', arguments: { a: 1 } }]);
  const { body } = forkRequest(forked, { ...same, answers: new Map([['call_2', 'No.']]) });
  expect(body).toEqual({
    turn: 2,
    messages: [{ role: 'tool', tool_call_id: 'call_2', content: 'No.' }],
  });
});

test('instructions are the text of a template, or its first system message', () => {
  expect(instructionsIn('Be kind.')).toBe('Be kind.');
  expect(instructionsIn([system])).toBe('Be kind.');
  expect(instructionsIn(null)).toBe('');
  expect(instructionsIn([{ role: 'user', content: 'Hi' }])).toBeUndefined();
  expect(withInstructions('Be kind.', 'Be brief.')).toBe('Be brief.');
  expect(withInstructions(null, '')).toBeNull();
  expect(withInstructions([], 'Be brief.')).toEqual([{ role: 'system', content: 'Be brief.' }]);
});
