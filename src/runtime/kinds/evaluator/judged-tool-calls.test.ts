import { describe, expect, test } from 'vitest';
import type { LogView } from '../../../logs/log-record.ts';
import { listToolCalls } from './judged-tool-calls.ts';

const call = (id: string, name = 'find', text: string | null = '{"q":1}') => ({
  id,
  type: 'function',
  function: { name, arguments: text },
});

function view(id: string, record: object, turns: readonly object[] = []): LogView {
  const empty = {
    id,
    type: 'agent',
    version_id: 'version_1',
    inputs: null,
    output: null,
    output_message: null,
    error: null,
    provider_latency: null,
    start_time: null,
    end_time: null,
    tool_call_id: null,
  };
  return { record: { ...empty, ...record }, turns, run: null } as unknown as LogView;
}

const turn = (number: number, calls: readonly object[], more: object = {}) => ({
  number,
  message: { role: 'assistant', content: null, tool_calls: calls },
  results: [],
  continuation: null,
  ...more,
});
const answer = (id: string, content: string | null) => ({
  role: 'tool',
  tool_call_id: id,
  content,
});

type Children = Readonly<Record<string, readonly LogView[]>>;

function listed(log: LogView, children: Children = {}, isJudged = true, versions = {}) {
  const around = {
    trace: new Map(Object.entries(children)),
    versions: new Map(Object.entries(versions)),
  };
  return listToolCalls(log, around as unknown as Parameters<typeof listToolCalls>[1], { isJudged });
}

const open = {
  name: 'find',
  arguments: { q: 1 },
  arguments_text: '{"q":1}',
  output: null,
  error: null,
  latency: null,
  turn: null,
  depth: 1,
  log_id: null,
};

describe('a call of an agent’s model', () => {
  test('has the answer of the server, of the client, or none', () => {
    const turns = [
      turn(1, [call('a'), call('b')], { results: [answer('b', 'B'), answer('a', 'A')] }),
      turn(2, [call('c'), call('d')], { continuation: [answer('c', null)] }),
    ];
    expect(listed(view('log', {}, turns))).toEqual([
      { ...open, turn: 1, output: 'A' },
      { ...open, turn: 1, output: 'B' },
      { ...open, turn: 2, output: '' },
      { ...open, turn: 2 },
    ]);
  });

  test('that failed without a log has its error', () => {
    const turns = [turn(1, [call('a')], { results: [answer('a', 'Error: It is gone.')] })];
    expect(listed(view('log', {}, turns))).toEqual([{ ...open, turn: 1, error: 'It is gone.' }]);
  });

  test.each([
    ['no JSON', '{', null],
    ['nothing', null, null],
    ['', '', null],
    ['a list', '[1]', [1]],
  ])('whose arguments are %s shows them as they are', (_, text, read) => {
    const [first] = listed(view('log', {}, [turn(1, [call('a', 'find', text)])]));
    expect(first).toMatchObject({ arguments: read, arguments_text: text });
  });

  test('has the answer of its log, and then what was called below that', () => {
    const child = view(
      'child',
      { tool_call_id: 'a', output_message: { content: 'Said.' }, provider_latency: 2 },
      [turn(1, [call('x', 'deeper')])],
    );
    expect(listed(view('log', {}, [turn(1, [call('a'), call('b')])]), { log: [child] })).toEqual([
      { ...open, turn: 1, output: 'Said.', latency: 2, log_id: 'child' },
      { ...open, name: 'deeper', turn: 1, depth: 2 },
      { ...open, turn: 1 },
    ]);
  });

  test('is one call in each turn that uses its id, each with a log of its own', () => {
    const logs = ['first', 'second'].map((id) => view(id, { tool_call_id: 'a', output: id }));
    const turns = [turn(1, [call('a')]), turn(2, [call('a')])];
    expect(listed(view('log', {}, turns), { log: logs })).toEqual([
      { ...open, turn: 1, output: 'first', log_id: 'first' },
      { ...open, turn: 2, output: 'second', log_id: 'second' },
    ]);
  });
});

describe('a call of your own code', () => {
  const tool = view('tool', { type: 'tool', inputs: { a: 1 }, output: 'Done.', error: 'no' });
  const logged = {
    ...open,
    name: 'Finder',
    arguments: { a: 1 },
    arguments_text: '{"a":1}',
    output: 'Done.',
    error: 'no',
    log_id: 'tool',
  };
  const versions = { version_1: { type: 'tool', name: 'Finder', spec: {} } };

  test('stands after those of the model', () => {
    const log = view('log', {}, [turn(1, [call('a')])]);
    expect(listed(log, { log: [tool] }, true, versions)).toEqual([{ ...open, turn: 1 }, logged]);
  });

  test('is found below flows, and has the id of its version where that is gone', () => {
    const flow = view('flow', { type: 'flow' });
    const inner = view('inner', { type: 'flow' });
    const bare = view('bare', { type: 'tool' });
    const children = { flow: [inner, bare], inner: [tool] };
    expect(listed(flow, children)).toEqual([
      { ...logged, name: 'version_1', depth: 2 },
      { ...open, name: 'version_1', arguments: {}, arguments_text: '{}', log_id: 'bare' },
    ]);
  });
});

describe('what the output of a log without turns calls', () => {
  const output_message = { role: 'assistant', tool_calls: [call('a')] };

  test('is open, for an agent anywhere', () => {
    const agent = view('log', { output_message });
    expect(listed(agent)).toEqual([open]);
    expect(listed(agent, {}, false)).toEqual([open]);
  });

  test('counts for a prompt only when the prompt is judged, and not for a tool', () => {
    const prompt = view('log', { type: 'prompt', output_message });
    expect(listed(prompt)).toEqual([open]);
    expect(listed(prompt, {}, false)).toEqual([]);
    expect(listed(view('flow', { type: 'flow' }), { flow: [prompt] })).toEqual([]);
    expect(listed(view('log', { type: 'flow', output_message }))).toEqual([]);
  });
});
