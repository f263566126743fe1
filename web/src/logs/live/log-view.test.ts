import { expect, test } from 'vitest';
import { madeSpan } from '../trace/spans.fixture.ts';
import type { AgentEvent } from './agent-event.ts';
import { changed, type LogView, viewOf } from './log-view.ts';
import { stored, untilItEnds, untilItWaits } from './run.fixture.ts';

const shown = ({ messages, state, saying, working }: LogView) => ({
  messages,
  state,
  saying,
  working: [...working],
});

function after(view: LogView, events: readonly AgentEvent[], first = 1): LogView {
  return events.reduce(
    (before, event, index) => changed(before, { type: 'event', number: first + index, event }),
    view,
  );
}

test('a run that was followed shows the same as the log that it left', () => {
  const waiting = after(viewOf(stored.begun), untilItWaits);
  expect(shown(waiting)).toEqual(shown(viewOf(stored.waiting)));
  const continued = changed(waiting, { type: 'stored', log: stored.continued });
  const ended = after(continued, untilItEnds, 13);
  expect(shown(ended)).toEqual(shown(viewOf(stored.ended)));
  expect(ended.lastEvent).toBe(17);
});

test('words of a prompt come in pieces, and its log has them when it has ended', () => {
  const pieces = ['It ', 'is ', 'paid.'].map((output) => ({ index: 0, output }));
  const other = { index: 1, output: 'Another sample.' };
  const view = [...pieces, other].reduce<LogView>(
    (before, event, index) => changed(before, { type: 'event', number: index + 1, event }),
    viewOf(stored.begun),
  );
  expect(view.saying?.text).toBe('It is paid.');
  const ended = changed(view, { type: 'stored', log: stored.ended });
  expect(shown(ended)).toEqual(shown(viewOf(stored.ended)));
});

test('who comes in the middle and gets all events again sees nothing twice', () => {
  for (const log of [stored.begun, stored.midway]) {
    const view = after(viewOf(log), untilItWaits.slice(0, 11));
    expect(view.messages).toEqual(stored.waiting.messages);
    expect(view.saying).toBeNull();
  }
  const all = [...untilItWaits, ...untilItEnds];
  const joined = after(viewOf(stored.continued), all.slice(0, 15));
  expect(joined.messages).toEqual(stored.continued.messages);
  expect(joined).toMatchObject({ state: 'running', saying: { text: 'It is ' } });
});

test('words appear as they come, and a turn that is begun again takes them back', () => {
  const view = after(viewOf(stored.begun), untilItWaits.slice(0, 4));
  expect(view.saying?.text).toBe('I look at the account.');
  const again = after(view, untilItWaits.slice(1, 3), 1_000);
  expect(again.saying?.text).toBe('I look ');
  expect(again.messages).toEqual(stored.begun.messages);
});

test('a tool that works shows what it says, until it has answered', () => {
  const view = after(viewOf(stored.begun), untilItWaits.slice(0, 7));
  expect(view.working.get('call_1')).toEqual({ logId: 't', text: 'looking' });
  const answered = after(view, untilItWaits.slice(7, 8), 8);
  expect(answered.working.size).toBe(0);
  expect(answered.messages.at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'call_1' });
});

test('a model call has a span at once, which that of the server replaces', () => {
  const asked = after(viewOf(stored.begun), untilItWaits.slice(0, 3));
  expect(asked.spans.get('a*1')).toMatchObject({ kind: 'turn', turn: 1, status: 'running' });
  expect(asked.spans.get('a*1')?.first_token_at).toBe(untilItWaits[2]?.created_at);
  const answered = after(asked, untilItWaits.slice(3, 5), 4);
  expect(answered.spans.get('a*1')).toMatchObject({ status: 'complete' });
  const page = {
    spans: [madeSpan('a*1', [0, 1_000], { kind: 'turn', turn: 1, model: 'real' })],
    next_cursor: null,
    changes: 'c1',
    is_open: true,
  };
  const known = changed(answered, { type: 'spans', page, isFirst: true });
  expect(known.spans.size).toBe(1);
  expect(known).toMatchObject({ changes: 'c1' });
  expect(known.spans.get('a*1')?.model).toBe('real');
});

test('changes of spans are asked for from where the first page of a round stood', () => {
  const page = { spans: [], next_cursor: 'n', changes: 'first', is_open: true };
  const first = changed(viewOf(stored.begun), { type: 'spans', page, isFirst: true });
  const second = changed(first, {
    type: 'spans',
    page: { ...page, changes: 'second' },
    isFirst: false,
  });
  expect(second.changes).toBe('first');
});

test('the last message of a run that has ended is part of the conversation, once', () => {
  const { messages } = viewOf(stored.ended);
  expect(messages.at(-1)).toEqual(stored.ended.output_message);
  expect(messages).toHaveLength(6);
  const repeated = { ...stored.ended, messages: [...messages] };
  expect(viewOf(repeated).messages).toHaveLength(6);
});
