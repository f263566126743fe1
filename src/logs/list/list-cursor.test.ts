import { expect, test } from 'vitest';
import { readCursor, writeCursor } from './list-cursor.ts';
import { newestFirst } from './log-sort.ts';

const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const at = '2024-02-29T23:59:59.999999Z';

test.each([at, '0001-01-01T00:00:00.000000Z', '9999-12-31T23:59:59.000001Z'])(
  'a cursor at %s is read as it was written',
  (createdAt) => {
    const position = { createdAt, id: 'log_1', value: null };
    expect(readCursor(writeCursor(position, newestFirst), newestFirst)).toEqual(position);
  },
);

test.each([
  ['a day that the year does not have', cursorOf(['2023-02-29T00:00:00.000000Z', 'a'])],
  ['a day that no year has', cursorOf(['2024-04-31T00:00:00.000000Z', 'a'])],
  ['an hour that no day has', cursorOf(['2024-04-30T24:00:00.000000Z', 'a'])],
  ['a month that no year has', cursorOf(['2024-13-01T00:00:00.000000Z', 'a'])],
  ['the year 0', cursorOf(['0000-01-01T00:00:00.000000Z', 'a'])],
  ['a time in milliseconds', cursorOf(['2024-04-30T00:00:00.000Z', 'a'])],
  ['a time with something behind it', cursorOf([`${at} `, 'a'])],
  ['an id that cannot be stored', cursorOf([at, 'a\0b'])],
  ['an id that is a number', cursorOf([at, 1])],
  ['a time that is a number', cursorOf([1, 'a'])],
  ['one part', cursorOf([at])],
  ['another order', cursorOf([at, 'a', 'cost', 1])],
  ['an object', cursorOf({ 0: at, 1: 'a' })],
  ['no JSON', Buffer.from('[').toString('base64url')],
  ['another spelling of the same', `${cursorOf([at, 'a'])}=`],
  ['nothing', ''],
])('a cursor with %s is refused', (_, cursor) => {
  expect(() => readCursor(cursor, newestFirst)).toThrow(/^The cursor is (not valid\.|of a list)/);
});
