import { expect, test } from 'vitest';
import type { TurnRecord } from './log-record.ts';
import { lastRequest, trimRequest } from './wire-body.ts';

const a = { role: 'user', content: 'a' };
const b = { role: 'assistant', content: 'b' };
const c = { role: 'user', content: 'c' };

/** The turns as they are stored for these requests. */
function storedTurns(requests: readonly unknown[]): TurnRecord[] {
  return requests.map((whole, index) => {
    const { request, shared } = trimRequest(whole, requests[index - 1]);
    return { provider_request: request, shared_messages: shared } as TurnRecord;
  });
}

test('of a request is kept what it adds to the one before, and it reads back whole', () => {
  const requests = [
    { model: 'm', messages: [a] },
    { model: 'm', messages: [a, b, c] },
    { model: 'm', temperature: 0.5, messages: [a, b, c, b] },
  ];
  const turns = storedTurns(requests);
  expect(turns.map((turn) => (turn.provider_request as { messages: unknown[] }).messages)).toEqual([
    [a],
    [b, c],
    [b],
  ]);
  expect(lastRequest(turns)).toEqual(requests[2]);
  expect(lastRequest(turns.slice(0, 2))).toEqual(requests[1]);
});

test('a conversation that was rewritten, cut or repeated reads back as it was', () => {
  const histories = [
    [{ messages: [a, b] }, { messages: [a, c] }],
    [{ messages: [a, b, c] }, { messages: [a] }],
    [{ messages: [a] }, { messages: [a] }],
    [{ messages: [a] }, { contents: [a, b] }],
    [{ messages: [a, b] }, { contents: [a, b] }, { contents: [a, b, c] }, { messages: [a, b, c] }],
    [{ messages: [a] }, { prompt: 'no list' }, { messages: [a, b] }],
    [null, { messages: [a] }],
    [{ messages: [] }, { messages: [a] }],
  ];
  for (const requests of histories) {
    const turns = storedTurns(requests);
    requests.forEach((whole, index) => {
      expect(lastRequest(turns.slice(0, index + 1))).toEqual(whole);
    });
  }
  expect(lastRequest([])).toBeNull();
});
