import { expect, test } from 'vitest';
import { readJsonLines } from './json-lines.ts';

test('each line is a row; empty lines are passed over', () => {
  const text = `\uFEFF{"inputs": {"q": 1}, "target": {"a": "x"}}\r\n\n{"messages": [{"role": "user", "content": "Hi"}]}`;
  expect(readJsonLines(text)).toEqual({
    contents: [
      { inputs: { q: 1 }, target: { a: 'x' }, messages: [] },
      { inputs: {}, target: {}, messages: [{ role: 'user', content: 'Hi' }] },
    ],
    faults: [],
  });
});

test('numbers stay as they are written', () => {
  const line = '{"inputs":{"account":12345678901234567890,"share":1.0}}';
  const [row] = readJsonLines(line).contents;
  expect(JSON.stringify({ inputs: row?.inputs })).toBe(line);
});

test.each([
  ['{"inputs": ', 'It is no JSON. Each line is one whole row.'],
  ['[1]', 'It is no object with inputs, messages and a target.'],
  ['{"input": {}}', '“input” is not known. A row has inputs, messages and a target.'],
  ['{"inputs": [1]}', 'Its inputs are no object.'],
  ['{"target": "yes"}', 'Its target is no object.'],
  ['{"target": {"a": null}}', '“a” of the target is null. Leave it out.'],
  ['{"messages": "Hi"}', 'Its messages are no list.'],
  [
    '{"messages": [{"role": "user"}, {"content": "Hi"}]}',
    'Message 2 has no role: user, assistant, system, developer, tool.',
  ],
  ['{"inputs": {}}', 'There is nothing in it.'],
])('a line that is no row is named: %s', (line, says) => {
  const { contents, faults } = readJsonLines(`{"inputs": {"q": 1}}\n\n${line}\n`);
  expect(faults).toEqual([{ line: 3, says }]);
  expect(contents).toHaveLength(1);
});
