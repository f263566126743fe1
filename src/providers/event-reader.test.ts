import { describe, expect, test } from 'vitest';
import { eventReader } from './event-reader.ts';

/** What is read when the text comes in one piece. */
function read(text: string) {
  const reader = eventReader();
  return [...reader.add(text), ...reader.end()];
}

const chunk = (value: unknown) => ({ type: 'chunk', value });

test.each([
  ['with a space', 'data: {"a":1}\n\n'],
  ['without a space', 'data:{"a":1}\n\n'],
  ['with carriage returns', 'data: {"a":1}\r\n\r\n'],
  ['with carriage returns alone', 'data: {"a":1}\r\r'],
  ['without an empty line', 'data: {"a":1}\n'],
  ['without the end of its line', 'data: {"a":1}'],
  ['over several data lines', 'data: {\ndata: "a":\ndata: 1}\n\n'],
  ['beside other fields', 'retry: 9\n\nid: 4\nevent: message\ndata: {"a":1}\n\n'],
  ['without data:', '{"a":1}\n'],
  ['over several lines without data:', '{\n  "a": 1\n}\n'],
])('an event %s is read', (_, text) => {
  expect(read(text)).toEqual([chunk({ a: 1 })]);
});

test.each([
  ': comment\n\n',
  ': one\n: two\n\n',
  'data:\n\n',
  'data: \n\n',
  'data: ping\n\n',
  'event: ping\ndata: keep-alive\n\n',
  'data: [PING]\n\n',
  'data: still working on it\n\n',
  'data: null\n\n',
  'data: "heartbeat"\n\n',
  'event: heartbeat\n\n',
])('what only keeps the connection alive is passed over: %j', (text) => {
  expect(read(`${text}data: {"a":1}\n\n`)).toEqual([chunk({ a: 1 })]);
});

test.each(['data: [DONE]\n\n', 'data:[DONE]\n', 'event: done\ndata: [DONE]', 'data: [done]\n\n'])(
  'the end is seen as soon as its line has come: %j',
  (text) => {
    expect(read(text)).toEqual([{ type: 'done' }]);
  },
);

test('an event named error is an error, whether it is JSON or text', () => {
  expect(read('event: error\ndata: {"message":"Full."}\n\n')).toEqual([
    { type: 'error', value: { message: 'Full.' } },
  ]);
  expect(read('event: error\ndata: The disk is full.\n\n')).toEqual([
    { type: 'error', value: 'The disk is full.' },
  ]);
});

describe('what is neither an event nor a sign of life is stray text', () => {
  test.each(['a whole sentence', '{"cut":', '[1, 2'])('%j', (text) => {
    expect(read(`data: ${text}\n\n`)).toEqual([{ type: 'stray', text }]);
  });
});

test('wherever a stream is cut into pieces, the same is read', () => {
  const text =
    ': hi\r\n\r\ndata: {"a":"x\\ny"}\r\n\r\ndata: {\r\ndata: "b":2}\r\n\r\ndata: ping\r\n\r\ndata: [DONE]\r\n\r\n';
  const whole = read(text);
  expect(whole).toEqual([chunk({ a: 'x\ny' }), chunk({ b: 2 }), { type: 'done' }]);
  for (let at = 1; at < text.length; at++) {
    const reader = eventReader();
    const pieces = [...reader.add(text.slice(0, at)), ...reader.add(text.slice(at))];
    expect([...pieces, ...reader.end()]).toEqual(whole);
  }
});

test('an error may stand in a field of its own', () => {
  expect(read('error: {"message":"No model is loaded."}\n\n')).toEqual([
    { type: 'error', value: { message: 'No model is loaded.' } },
  ]);
});

test('the name of the field may be repeated', () => {
  expect(read('data: data: {"a":1}\n\ndata: data: [DONE]\n\n')).toEqual([
    { type: 'chunk', value: { a: 1 } },
    { type: 'done' },
  ]);
});

test('a line that comes in very many pieces is one', () => {
  const reader = eventReader();
  const text = 'x'.repeat(200_000);
  const pieces = [...`data: {"a":"${text}"}\n\n`].flatMap((character) => reader.add(character));
  expect(pieces).toEqual([{ type: 'chunk', value: { a: text } }]);
  expect(reader.end()).toEqual([]);
});

test('JSON on very many lines that seem to be its end is read where the event ends', () => {
  const reader = eventReader();
  const value = { a: Array(4_001).fill([]) };
  const many = `data: {"a":[\ndata: []\n${'data: ,\ndata: []\n'.repeat(4_000)}data: ]}\n\n`;
  expect(reader.add(many)).toEqual([{ type: 'chunk', value }]);
});
