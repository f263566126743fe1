import { describe, expect, test } from 'vitest';
import { type AnswerPart, saidInParts } from './answer-parts.ts';
import { messagesWire } from './anthropic/messages-wire.ts';
import { converseWire } from './bedrock/converse-wire.ts';
import { cohereWire } from './cohere/cohere-wire.ts';
import { generateContentWire } from './google/generate-content-wire.ts';
import { requireNothingLost, saidInAll } from './said.ts';
import type { Wire } from './wire.ts';

const args = { city: 'Oslo' };
const sent = {
  text: 'It rains.',
  reasoning: 'Hm.',
  calls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }],
};

/** The same answer on each wire whose package reads it. */
const wires: readonly { readonly name: string; readonly wire: Wire; readonly body: unknown }[] = [
  {
    name: 'Anthropic messages',
    wire: messagesWire,
    body: {
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
        { type: 'text', text: 'It rains.' },
        { type: 'tool_use', id: 'a', name: 'weather', input: args },
        { type: 'server_tool_use', id: 'b', name: 'web_search', input: {} },
      ],
    },
  },
  {
    name: 'Google generateContent',
    wire: generateContentWire,
    body: {
      candidates: [
        {
          content: {
            parts: [
              { text: 'Hm.', thought: true },
              { text: 'It rains.' },
              { functionCall: { name: 'weather', args } },
            ],
          },
        },
      ],
    },
  },
  {
    name: 'Amazon Converse',
    wire: converseWire,
    body: {
      output: {
        message: {
          content: [
            { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } },
            { text: 'It rains.' },
            { toolUse: { toolUseId: 'a', name: 'weather', input: args } },
          ],
        },
      },
    },
  },
  {
    name: 'Cohere chat',
    wire: cohereWire,
    body: {
      message: {
        content: [
          { type: 'thinking', thinking: 'Hm.' },
          { type: 'text', text: 'It rains.' },
        ],
        tool_calls: [{ id: 'a', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
      },
    },
  },
];

const parts: readonly AnswerPart[] = [
  { type: 'reasoning', text: 'Hm.' },
  { type: 'text', text: 'It ' },
  { type: 'text', text: 'rains.' },
  { type: 'tool-call', toolCallId: 'a', toolName: 'weather', input: '{"city": "Oslo"}' },
  { type: 'tool-call', toolCallId: 'b', toolName: 'search', input: '{}', providerExecuted: true },
];

describe.each(wires)('$name', ({ wire, body }) => {
  test('a package that understood all of a body has lost nothing', () => {
    expect(() => requireNothingLost(wire.said(body), saidInParts(parts), body)).not.toThrow();
  });

  test.each([0, 1, 2, 3])('a package that left out part %i of it has', (left) => {
    const understood = parts.filter((_, index) => index !== left);
    const check = () => requireNothingLost(wire.said(body), saidInParts(understood), body);
    expect(check).toThrow(/^sent an answer that was not understood: .+ could not be read/);
  });

  test('what a body says is read off it', () => {
    const { calls, ...said } = wire.said(body);
    expect({ ...said, calls: calls.map(({ id: _id, ...call }) => call) }).toEqual(sent);
  });

  test.each([null, 'text', [], {}, { content: 7 }, { candidates: [{}] }, { message: null }])(
    'a body of another shape says nothing: %j',
    (other) => {
      expect(wire.said(other)).toEqual(saidInAll([]));
    },
  );
});
