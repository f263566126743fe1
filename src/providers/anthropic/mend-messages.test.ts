import { describe, expect, test } from 'vitest';
import { mendMessages } from './mend-messages.ts';
import { messagesWire } from './messages-wire.ts';

type Event = Readonly<Record<string, unknown>>;

const begin = { type: 'message_start', message: { id: 'msg', usage: { input_tokens: 3 } } };
const end = { type: 'message_delta', delta: { stop_reason: 'end_turn' } };
const stop = { type: 'message_stop' };
const blockStart = (content_block: object, index = 0) => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (piece: object, index = 0) => ({ type: 'content_block_delta', index, delta: piece });
const blockStop = { type: 'content_block_stop', index: 0 };

/** What the package is given for these events, without its frame, and what was noted. */
function mended(...events: readonly unknown[]) {
  const notes: string[] = [];
  const { add, end } = mendMessages((what) => notes.push(what)).events;
  const given = [...events.flatMap((event) => add(event)), ...end()] as Event[];
  const frame = ['message_start', 'message_delta', 'message_stop'];
  return {
    given,
    content: given.filter(({ type }) => !frame.includes(String(type))),
    types: given.map(({ type }) => type),
    notes,
  };
}

describe('a block', () => {
  test('keeps the text that it begins with', () => {
    const { content } = mended(
      begin,
      blockStart({ type: 'text', text: 'Half ' }),
      delta({ type: 'text_delta', text: 'done.' }),
    );
    expect(content).toEqual([
      blockStart({ type: 'text', text: '' }),
      delta({ type: 'text_delta', text: 'Half ' }),
      delta({ type: 'text_delta', text: 'done.' }),
    ]);
  });

  test.each([
    ['text', { type: 'text_delta', text: 'Aye.' }, { type: 'text', text: '' }],
    ['thinking', { type: 'thinking_delta', thinking: 'Hm.' }, { type: 'thinking', thinking: '' }],
  ])('of %s that is not begun is begun, and ended with its message', (_type, piece, block) => {
    const { content } = mended(begin, delta(piece, 4), end, stop);
    expect(content.slice(0, 2)).toEqual([blockStart(block, 4), delta(piece, 4)]);
    expect(content.at(-1)).toEqual({ type: 'content_block_stop', index: 4 });
  });

  test('of a call has the input that its start has, unless pieces of it come', () => {
    const call = { type: 'tool_use', id: 'toolu_9', name: 'weigh', input: { grams: 7 } };
    const piece = delta({ type: 'input_json_delta', partial_json: '{"grams":7}' });
    const start = blockStart({ ...call, input: {} });
    expect(mended(begin, blockStart(call), blockStop).content).toEqual([start, piece, blockStop]);
    const both = mended(begin, blockStart(call), piece, blockStop).content;
    expect(both).toEqual([start, piece, blockStop]);
  });

  test('of a call whose input is null is filled by its pieces', () => {
    const call = { type: 'tool_use', id: 'toolu_9', name: 'weigh', input: null };
    const piece = delta({ type: 'input_json_delta', partial_json: '{}' });
    const { content } = mended(begin, blockStart(call), piece, blockStop);
    expect(content).toEqual([blockStart({ ...call, input: {} }), piece, blockStop]);
  });

  test('of thinking that nobody signed is given an empty signature', () => {
    const { content } = mended(begin, blockStart({ type: 'thinking' }), blockStop);
    expect(content).toContainEqual(delta({ type: 'signature_delta', signature: '' }));
  });

  test('of a new kind is left out with its pieces, and named', () => {
    const { content, notes } = mended(
      begin,
      blockStart({ type: 'hologram', url: 'x' }),
      delta({ type: 'hologram_delta', more: 1 }),
      blockStop,
    );
    expect(content).toEqual([]);
    expect(notes).toEqual(['a block of the unknown kind `hologram`']);
  });
});

test('new kinds of pieces and events are left out, and named', () => {
  const { content, notes } = mended(
    begin,
    { type: 'weather_report', wind: 3 },
    blockStart({ type: 'text', text: '' }),
    delta({ type: 'mood_delta', value: 1 }),
  );
  expect(content).toEqual([blockStart({ type: 'text', text: '' })]);
  expect(notes).toEqual([
    'an event of the unknown kind `weather_report`',
    'a piece of the unknown kind `mood_delta`',
  ]);
});

test('a message without counts has some for the package', () => {
  const { given } = mended({ type: 'message_start', message: { usage: null } }, end, stop);
  const usage = { input_tokens: 0, output_tokens: 0 };
  expect(given).toMatchObject([{ message: { usage } }, { usage }, {}]);
});

test('a message that ends without its last event ends all the same', () => {
  expect(mended(begin, end).types).toEqual(['message_start', 'message_delta', 'message_stop']);
  expect(mended(begin).types).toEqual(['message_start']);
});

test('a whole message in place of a stream is read as one', () => {
  const { types, content } = mended({
    type: 'message',
    content: [{ type: 'text', text: 'All at once.' }],
    stop_reason: 'end_turn',
  });
  expect(types[0]).toBe('message_start');
  expect(content).toMatchObject([
    {},
    { delta: { type: 'text_delta', text: 'All at once.' } },
    { type: 'content_block_stop' },
  ]);
  expect(types.slice(-2)).toEqual(['message_delta', 'message_stop']);
});

test.each([
  [{ error: { message: 'No room.' } }, 'No room.'],
  [{ error: 'No room.' }, 'No room.'],
  [{ type: 'error', error: { type: 'overloaded_error', message: 'No room.' } }, 'No room.'],
])('an error is given in the form of the vendor: %j', (event, message) => {
  expect(mended(event).given).toMatchObject([
    { type: 'error', error: { type: expect.any(String), message } },
  ]);
});

describe('a whole body', () => {
  const notes: string[] = [];
  const mender = mendMessages((what) => notes.push(what));

  test('may have a text for its content', () => {
    expect(mender.body({ content: 'Just this.' })).toMatchObject({
      content: [{ type: 'text', text: 'Just this.' }],
    });
  });

  test('may have one block for its content, and a call whose input is a text', () => {
    const call = { type: 'tool_use', id: 'toolu_9', name: 'weigh', input: '{"grams":7}' };
    expect(mender.body({ content: call })).toMatchObject({ content: [{ input: { grams: 7 } }] });
  });

  test('loses blocks of a new kind, and no others', () => {
    const text = { type: 'text', text: 'Kept.' };
    const search = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    expect(mender.body({ content: [{ type: 'hologram' }, search, text] })).toMatchObject({
      content: [search, text],
    });
    expect(notes).toEqual(['a block that cannot be read (`hologram`)']);
  });

  test('in its essence has text, thinking and calls', () => {
    const cited = { type: 'text', text: 'Kept.', citations: [{ type: 'odd' }] };
    const search = { type: 'web_search_tool_result', content: 'odd' };
    expect(mender.essence({ content: [search, cited] })).toMatchObject({
      content: [{ type: 'text', text: 'Kept.' }],
    });
  });
});

test('two blocks that have one index are two blocks, in the answer and in its body', () => {
  const start = (text: string) => ({
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'text', text },
  });
  const { content } = mended(start('One. '), start('Two.'));
  expect(content.map(({ type }) => type)).toEqual(
    ['start', 'delta', 'stop', 'start', 'delta'].map((name) => `content_block_${name}`),
  );
  const fold = messagesWire.fold();
  for (const event of [start('One. '), start('Two.')]) fold.add(event);
  expect(messagesWire.said(fold.body()).text).toBe('One. Two.');
});

test('a text that comes in parts is one text, in the answer and in its body', () => {
  const block = { type: 'text', text: [{ text: 'One. ' }, 'Two.'] };
  expect(mendMessages(() => undefined).body({ content: [block] })).toMatchObject({
    content: [{ type: 'text', text: 'One. Two.' }],
  });
  expect(messagesWire.said({ content: [block] }).text).toBe('One. Two.');
});
