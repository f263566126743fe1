import { expect, test } from 'vitest';
import { addCallPiece, type FoldedCall } from './call-pieces.ts';
import { merge } from './merge-chunks.ts';

/** The calls that pieces make up: `name arguments`. */
function calls(...pieces: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const folded: FoldedCall[] = [];
  for (const piece of pieces) addCallPiece(folded, piece, merge);
  return folded.map((call) => `${call.name} ${call.arguments}`);
}

/** A piece of a call; fields that are undefined are missing. */
function piece(fields: {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly type?: unknown;
  readonly name?: unknown;
  readonly json?: unknown;
}) {
  const { name, json, ...rest } = fields;
  return JSON.parse(JSON.stringify({ ...rest, function: { name, arguments: json } }));
}

const start = { index: 0, id: 'a', type: 'function', name: 'look' };

test.each([
  [
    'numbered from 1',
    [
      { ...start, index: 1, json: '{"x":' },
      { index: 1, json: '1}' },
    ],
  ],
  ['without a number', [{ id: 'a', name: 'look', json: '{"x":' }, { json: '1}' }]],
  [
    'with a number that is null',
    [
      { ...start, index: null, json: '{"x":' },
      { index: null, json: '1}' },
    ],
  ],
  [
    'with a number as text',
    [
      { ...start, index: '0', json: '{"x":' },
      { index: 0, json: '1}' },
    ],
  ],
  [
    'numbered only later',
    [
      { id: 'a', name: 'look', json: '{"x":' },
      { index: 0, json: '1}' },
    ],
  ],
  [
    'by id alone',
    [
      { id: 'a', name: 'look', json: '{"x":' },
      { id: 'a', json: '1}' },
    ],
  ],
  [
    'with a new id for each piece',
    [
      { ...start, json: '{"x":' },
      { index: 0, id: 'b', json: '1}' },
    ],
  ],
  [
    'with all its fields in each piece',
    [
      { ...start, json: '{"x":' },
      { ...start, json: '1}' },
    ],
  ],
  [
    'whose name comes later',
    [
      { index: 0, id: 'a' },
      { index: 0, name: 'look' },
      { index: 0, json: '{"x":1}' },
    ],
  ],
  [
    'whose name is blank at first',
    [
      { ...start, name: '', json: '' },
      { index: 0, name: 'look', json: '{"x":1}' },
    ],
  ],
  [
    'whose name is null later',
    [
      { ...start, json: '' },
      { index: 0, id: null, type: null, name: null, json: '{"x":1}' },
    ],
  ],
  [
    'whose name comes in pieces',
    [
      { ...start, name: 'lo', json: '' },
      { index: 0, name: 'ok', json: '' },
      { index: 0, json: '{"x":1}' },
    ],
  ],
  [
    'whose name grows',
    [
      { ...start, name: 'lo', json: '' },
      { index: 0, name: 'look', json: '{"x":1}' },
    ],
  ],
  [
    'with its id again at its arguments',
    [
      { ...start, json: '' },
      { ...start, json: '{"x":1}' },
    ],
  ],
  ['with arguments that are an object', [{ ...start, json: { x: 1 } }]],
  [
    'with an empty object before its arguments',
    [
      { ...start, json: '{}' },
      { index: 0, json: '{"x":1}' },
    ],
  ],
  [
    'that is repeated at the end',
    [
      { ...start, json: '{"x":1}' },
      { ...start, json: '{"x":1}' },
    ],
  ],
  [
    'whose arguments are repeated at the end',
    [
      { ...start, json: '{"x":1}' },
      { index: 0, json: '{"x":1}' },
    ],
  ],
])('a call %s is one call', (_, pieces) => {
  const [call, ...more] = calls(...pieces.map(piece));
  expect(more).toEqual([]);
  expect(call?.replaceAll(' ', '')).toBe('look{"x":1}');
});

test.each([
  ['an index each', { ...start, json: '1' }, { index: 1, id: 'b', name: 'find', json: '2' }],
  ['one index and an id each', { ...start, json: '{}' }, { ...start, id: 'b', json: '{}' }],
  [
    'one index, an id each and no arguments',
    { ...start, json: '' },
    { ...start, id: 'b', json: '' },
  ],
  [
    'one index and no ids',
    { index: 0, name: 'look', json: '{"x":1}' },
    { index: 0, name: 'look', json: '{"x":2}' },
  ],
  ['one index and one id', { ...start, json: '{"x":1}' }, { ...start, json: '{"x":2}' }],
  ['neither index nor id', { name: 'look', json: '{"x":1}' }, { name: 'find', json: '{"x":2}' }],
  [
    'a type each and no arguments',
    { index: 0, type: 'function', name: 'look', json: '' },
    { index: 0, type: 'function', name: 'find', json: '' },
  ],
  ['an index each and the same id', { ...start, json: '{}' }, { ...start, index: 1, json: '{}' }],
])('calls with %s are two', (_, one, other) => {
  expect(calls(piece(one), piece(other))).toHaveLength(2);
});

test('calls that come in turns keep their arguments apart', () => {
  expect(
    calls(
      piece({ ...start, json: '{"x"' }),
      piece({ index: 1, id: 'b', name: 'find', json: '{"y"' }),
      piece({ index: 0, json: ':1}' }),
      piece({ index: 1, json: ':2}' }),
    ),
  ).toEqual(['look {"x":1}', 'find {"y":2}']);
});

test('a call without a wrapper is read, and fields that are not OpenAI’s are kept', () => {
  const folded: FoldedCall[] = [];
  addCallPiece(folded, { id: 7, name: 'look', arguments: '{}', extra: { sign: 'a' } }, merge);
  addCallPiece(folded, { id: 7, extra: { sign: 'b' } }, merge);
  expect(folded).toMatchObject([
    { id: '7', name: 'look', arguments: '{}', rest: { extra: { sign: 'ab' } } },
  ]);
});

test('an answer makes a thousand calls at the most', () => {
  const folded: FoldedCall[] = [];
  const add = (index: number) =>
    addCallPiece(folded, piece({ ...start, index, id: `${index}`, json: '{}' }), merge);
  for (let index = 0; index < 1_000; index++) add(index);
  expect(() => add(1_000)).toThrow('made more than 1000 calls of tools in one answer.');
  expect(folded).toHaveLength(1_000);
});
