import { expect, test } from 'vitest';
import type { LogRecord, TurnRecord } from '../../logs/log-record.ts';
import { Transcript } from './transcript.ts';

const turn = (number: number) =>
  ({ number, results: [], provider_request: null, shared_messages: 0 }) as unknown as TurnRecord;
const record = { id: 'log_1' } as LogRecord;
const answer = (id: string) => ({ role: 'tool', tool_call_id: id, content: id }) as const;

test('turns follow one another, and a broken one is replaced by the next', () => {
  const stored = [turn(1)];
  const transcript = new Transcript(record, stored);
  transcript.broken = turn(2);
  expect(() => transcript.addTurn(turn(3))).toThrow('Turn 3 came where turn 2 was to come.');
  expect(() => transcript.addTurn(turn(1))).toThrow('Turn 1 came where turn 2 was to come.');
  expect(transcript.broken).not.toBeNull();
  transcript.addTurn(turn(2));
  expect(transcript.broken).toBeNull();
  expect(transcript.turns).toEqual([turn(1), turn(2)]);
  expect(transcript.lastTurn).toEqual(turn(2));
  expect(stored).toEqual([turn(1)]);
});

test('samples come in any order, each once', () => {
  const transcript = new Transcript(record, []);
  expect(transcript.lastTurn).toBeUndefined();
  for (const number of [3, 1]) {
    transcript.broken = turn(2);
    transcript.addSample(turn(number));
    expect(transcript.broken).toBeNull();
  }
  expect(() => transcript.addSample(turn(3))).toThrow('Sample 3 came twice.');
  expect(transcript.turns.map(({ number }) => number)).toEqual([3, 1]);
});

test('results are those of the last turn, and there is none before a turn', () => {
  const transcript = new Transcript(record, [turn(1), turn(2)]);
  transcript.addResult(answer('b'));
  transcript.addResult(answer('a'));
  expect(transcript.turns).toEqual([turn(1), { ...turn(2), results: [answer('b'), answer('a')] }]);
  const empty = new Transcript(record, []);
  expect(() => empty.addResult(answer('a'))).toThrow('A tool result came before the first turn.');
});

test('the log is replaced at the end', () => {
  const transcript = new Transcript(record, []);
  expect(transcript.record).toBe(record);
  const closed = { id: 'log_1', output: 'Done.' } as LogRecord;
  transcript.close(closed);
  expect(transcript.record).toBe(closed);
});
