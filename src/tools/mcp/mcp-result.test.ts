import { expect, test } from 'vitest';
import { readResult } from './mcp-result.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
  [
    'texts, line by line',
    {
      content: [
        { type: 'text', text: 'one' },
        { type: 'text', text: 'two' },
      ],
    },
    'one\ntwo',
  ],
  ['a text that is none', { content: [{ type: 'text', text: ['a', 1] }] }, '["a",1]'],
  ['a bare text', { content: 'ready' }, 'ready'],
  ['a single part', { content: { type: 'text', text: 'ready' } }, 'ready'],
  ['parts that are texts', { content: ['one', 'two'] }, 'one\ntwo'],
  [
    'a part of no known kind',
    { content: [{ type: 'table', rows: [[1]] }] },
    '{"type":"table","rows":[[1]]}',
  ],
  ['a text without a kind', { content: [{ text: 'ready' }] }, 'ready'],
  [
    'a text under another name',
    { content: [{ type: 'text', value: 'ready' }] },
    '{"value":"ready"}',
  ],
  ['no text', { content: [{ type: 'text', text: null }, null] }, ''],
  ['a part without a kind', { content: [{ note: 'ready' }] }, '{"note":"ready"}'],
  [
    'the text of a resource',
    { content: [{ type: 'resource', resource: { uri: 'a:b', text: 'inside' } }] },
    'inside',
  ],
  [
    'the text of a resource in base64',
    {
      content: [
        { type: 'resource', resource: { uri: 'a:b', mimeType: 'text/csv', blob: base64('a,é') } },
      ],
    },
    'a,é',
  ],
  [
    'a word for other bytes',
    {
      content: [
        { type: 'resource', resource: { uri: 'a:b', mimeType: 'application/zip', blob: 'UEs=' } },
      ],
    },
    '[application/zip: a:b]',
  ],
  [
    'a link, and what is said of it',
    { content: [{ type: 'resource_link', uri: 'a:b', name: 'Plan', description: 'Of May.' }] },
    '[Plan: a:b] Of May.',
  ],
  ['a link without a name', { content: [{ type: 'resource_link', uri: 'a:b' }] }, '[a:b]'],
  ['a sound without a type', { content: [{ type: 'audio', data: 'AAAA' }] }, '[audio]'],
  [
    'data that is text',
    { content: [{ type: 'json', data: '[1]' }] },
    '{"type":"json","data":"[1]"}',
  ],
  ['a film', { content: [{ type: 'video', data: 'AAAA', mimeType: 'video/mp4' }] }, '[video/mp4]'],
  [
    'what is said of a picture',
    { content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png', text: 'A cat.' }] },
    '[image/png] A cat.',
  ],
  [
    'the text of a part with another type',
    { content: [{ type: 'file', mimeType: 'application/pdf', text: 'Page one.' }] },
    '[application/pdf] Page one.',
  ],
  [
    'the result in content within content',
    { content: [{ type: 'content', content: { type: 'text', text: 'deep' } }] },
    '{"type":"content","content":{"type":"text","text":"deep"}}',
  ],
  ['structured content alone', { structuredContent: { n: 1 } }, '{"n":1}'],
  ['structured content that is a list', { content: [], structuredContent: [1] }, '[1]'],
  [
    'structured content beside another text',
    { content: [{ type: 'text', text: 'Found.' }], structuredContent: { n: 1 } },
    'Found.\n{"n":1}',
  ],
  [
    'structured content that a text says too, once',
    { content: [{ type: 'text', text: '{ "b": 2, "a": 1 }' }], structuredContent: { a: 1, b: 2 } },
    '{ "b": 2, "a": 1 }',
  ],
  [
    'structured content that wraps the text, once',
    { content: [{ type: 'text', text: 'three' }], structuredContent: { result: 'three' } },
    'three',
  ],
  ['the result of the oldest revision', { toolResult: { n: 1 } }, '{"n":1}'],
  ['members of no revision', { answer: 'ready', _meta: { a: 1 } }, '{"answer":"ready"}'],
  ['a result that is a text', 'ready', 'ready'],
  ['nothing', {}, ''],
  ['nothing at all', null, ''],
])('the model gets %s', (_what, result, text) => {
  expect(readResult(result)).toEqual({ text, isError: false });
});

test('a failure of a tool is one, however its server says so', () => {
  const content = [{ type: 'text', text: 'No such order.' }];
  const failure = { text: 'No such order.', isError: true };
  expect(readResult({ content, isError: true })).toEqual(failure);
  expect(readResult({ content, isError: 'true' })).toEqual(failure);
});

test.each([[[]], [null], [''], [[{ type: 'text', text: '' }]]])(
  'a failure that says nothing, in content %j, is told as such',
  (content) => {
    expect(readResult({ content, isError: true })).toEqual({
      text: 'The tool failed, and did not say why.',
      isError: true,
    });
  },
);

test('what is said of a failure comes from wherever it stands', () => {
  const failure = { code: 'E_CITY', message: 'No such city.' };
  expect(readResult({ isError: true, structuredContent: failure }).text).toBe(
    '{"code":"E_CITY","message":"No such city."}',
  );
  expect(readResult({ isError: true, content: [], error: 'No such city.' }).text).toBe(
    '{"error":"No such city."}',
  );
});

test.each([
  [{ task: { taskId: 't-1', status: 'working' } }, /begun a task.*t-1/],
  [
    { resultType: 'input_required', inputRequests: { a: { message: 'Which city?' } } },
    /Which city\?/,
  ],
])('a result that is none yet is a failure that says why', (result, says) => {
  expect(readResult(result)).toEqual({ text: expect.stringMatching(says), isError: true });
});
