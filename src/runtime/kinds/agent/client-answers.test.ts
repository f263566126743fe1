import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '../../../contract/chat.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { LogView, TurnRecord } from '../../../logs/log-record.ts';
import { checkedAnswers, hasContinuedWith } from './client-answers.ts';

const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
const answer = (id?: string, content = 'Done.') =>
  ({ role: 'tool', content, ...(id === undefined ? {} : { tool_call_id: id }) }) as ChatMessage;
const more: ChatMessage = { role: 'user', content: 'And?' };

/** A turn with the calls `a`, `b` and `c`, of which the server has answered `b`. */
function turn(continuation: readonly ChatMessage[] | null = null): TurnRecord {
  const message = { role: 'assistant', tool_calls: ['a', 'b', 'c'].map(call) };
  return { message, results: [answer('b')], continuation } as unknown as TurnRecord;
}

describe('the answers of a client', () => {
  test('stand in the order of the calls, before what else it says', () => {
    expect(checkedAnswers(turn(), [more, answer('c'), answer('a')])).toEqual([
      answer('a'),
      answer('c'),
      more,
    ]);
  });

  test('are left out where the server has answered', () => {
    const sent = [answer('a'), answer('b', 'Mine.'), answer('c')];
    expect(checkedAnswers(turn(), sent)).toEqual([answer('a'), answer('c')]);
  });

  test.each([
    [
      'one is missing',
      [answer('a'), more],
      [['messages'], /^Tool messages are missing .*: `c`\.$/],
    ],
    ['all are missing', [], [['messages'], /: `a`, `c`\.$/]],
    [
      'one is given twice',
      [answer('a'), answer('c'), answer('a')],
      [['messages', 2, 'tool_call_id'], /^Tool call `a` is answered twice\.$/],
    ],
    [
      'nobody asked',
      [answer('a'), answer('z'), answer('c')],
      [['messages', 1, 'tool_call_id'], /^The agent made no tool call `z`\.$/],
    ],
    [
      'it does not say of which call it is',
      [answer('a'), answer('c'), answer()],
      [['messages', 2, 'tool_call_id'], /must have the `tool_call_id`/],
    ],
  ] as const)('are refused when %s', (_, messages, [place, words]) => {
    const refusal = (() => {
      try {
        return checkedAnswers(turn(), messages);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(PlatformError);
    const fault = {
      loc: ['body', ...place],
      msg: expect.stringMatching(words),
      type: 'value_error',
    };
    expect(refusal).toMatchObject({ faults: [fault] });
  });
});

describe('a continue is the same as one before', () => {
  const turns = [turn(), turn([answer('a'), answer('c')]), turn()];
  const hasBefore = (messages: readonly ChatMessage[]) =>
    hasContinuedWith({ turns } as unknown as LogView, messages);

  test('when its messages are, in any order', () => {
    expect(hasBefore([answer('a'), answer('c')])).toBe(true);
    expect(hasBefore([answer('c'), answer('a')])).toBe(true);
  });

  test('and not when they say something else, or too little', () => {
    expect(hasBefore([answer('a'), answer('c', 'Other.')])).toBe(false);
    expect(hasBefore([answer('a'), answer('c'), more])).toBe(false);
    expect(hasBefore([answer('a')])).toBe(false);
    expect(hasBefore([answer('a'), answer('c'), answer('z')])).toBe(false);
    expect(hasBefore([])).toBe(false);
  });
});
