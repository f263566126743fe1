import { expect, test } from 'vitest';
import type { LogResponse } from '../../api/types.ts';
import { viewOf } from '../live/log-view.ts';
import { stored } from '../live/run.fixture.ts';
import { madeSpan } from '../trace/spans.fixture.ts';
import { blocksOf } from './blocks.ts';

const spans = new Map(
  [
    madeSpan('a', [0, 3_000], { kind: 'agent' }),
    madeSpan('a*1', [0, 1_000], { kind: 'turn', turn: 1 }),
    madeSpan('b', [1_000, 1_100], { parent_id: 'a*1', turn: 1, tool_call_id: 'call_1' }),
    madeSpan('c', [1_000, 1_100], { parent_id: 'b*1', turn: 1, tool_call_id: 'call_1' }),
    madeSpan('a*2', [1_000, 2_000], { kind: 'turn', turn: 2 }),
    madeSpan('a*2*call_2', [2_000], {
      parent_id: 'a*2',
      kind: 'call',
      turn: 2,
      tool_call_id: 'call_2',
    }),
  ].map((span) => [span.id, span] as const),
);

test('a conversation is what was said, and each call with its result and its span', () => {
  const blocks = blocksOf({ ...viewOf(stored.waiting), spans });
  expect(blocks).toMatchObject([
    { type: 'said', role: 'user', spanId: undefined },
    { type: 'said', role: 'assistant', spanId: 'a*1' },
    {
      type: 'call',
      name: 'get_balance',
      arguments: { account: 'A' },
      status: 'complete',
      result: '{"balance":42}',
      span: { id: 'b' },
    },
    { type: 'said', role: 'assistant', spanId: 'a*2' },
    {
      type: 'call',
      name: 'transfer',
      status: 'waiting',
      result: undefined,
      span: { id: 'a*2*call_2' },
    },
  ]);
});

test('words that still come are the last block', () => {
  const view = { ...viewOf(stored.midway), saying: { text: 'I am', since: '' } };
  expect(blocksOf(view).at(-1)).toMatchObject({ isLive: true, parts: [{ text: 'I am' }] });
});

test('a call that nobody answered before the run ended says so', () => {
  const log = { ...stored.waiting, run: null } as unknown as LogResponse;
  expect(blocksOf(viewOf(log)).at(-1)).toMatchObject({ type: 'call', status: 'unanswered' });
});

test('a call of a tool that stops the agent has ended the run', () => {
  const log = {
    ...stored.waiting,
    run: null,
    log_status: 'complete',
    agent: { tools: [{ json_schema: { name: 'transfer' }, on_agent_call: 'stop' }] },
  } as unknown as LogResponse;
  expect(blocksOf(viewOf(log)).at(-1)).toMatchObject({ type: 'call', status: 'ended-run' });
});

test('an id that a vendor uses again leads to the calls in the order of the turns', () => {
  const call = { id: 'same', type: 'function' as const, function: { name: 'f', arguments: '{' } };
  const log = {
    ...stored.ended,
    messages: [
      { role: 'assistant', tool_calls: [call] },
      { role: 'assistant', tool_calls: [call] },
    ],
  } as unknown as LogResponse;
  const two = [2, 1].map((turn) =>
    madeSpan(`a*${turn}*same`, [0, 1], {
      parent_id: `a*${turn}`,
      kind: 'call',
      turn,
      tool_call_id: 'same',
    }),
  );
  const view = { ...viewOf(log), spans: new Map(two.map((span) => [span.id, span])) };
  const calls = blocksOf(view).filter(({ type }) => type === 'call');
  expect(calls).toMatchObject([
    { span: { turn: 1 }, arguments: '{' },
    { span: { turn: 2 }, arguments: '{' },
  ]);
});

test('what the model thought stands before what it said, and pictures stay parts of a message', () => {
  const log = {
    ...stored.ended,
    output_message: null,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'See' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
        ],
      },
      {
        role: 'assistant',
        content: 'Yes',
        thinking: [
          { type: 'thinking', thinking: 'Hm.', signature: 's' },
          { type: 'redacted_thinking', data: 'x' },
        ],
      },
    ],
  } as unknown as LogResponse;
  expect(blocksOf(viewOf(log))).toMatchObject([
    { parts: [{ text: 'See' }, { type: 'image', url: 'data:image/png;base64,AA' }] },
    { type: 'thought', text: 'Hm.' },
    { type: 'said', parts: [{ text: 'Yes' }] },
  ]);
});
