import { describe, expect, test } from 'vitest';
import type { Mender } from '../mender.ts';
import { generateContentWire } from './generate-content-wire.ts';

const notes: string[] = [];
const mender = generateContentWire.mender?.((what) => notes.push(what)) as Required<Mender>;

/** The parts that the package is given for these. */
function mendedParts(...parts: readonly unknown[]): unknown {
  const [chunk] = mender.events.add({ candidates: [{ content: { parts } }] }) as [
    { candidates: [{ content: { parts: unknown } }] },
  ];
  return chunk.candidates[0].content.parts;
}

test('what is no part of an answer does not reach the package', () => {
  const given = {
    candidates: [
      {
        content: { parts: [{ text: 'Aye.' }] },
        finishReason: 'STOP',
        groundingMetadata: { groundingChunks: [{ odd: 1 }], webSearchQueries: 'x' },
        safetyRatings: null,
        citationMetadata: [],
      },
    ],
    usageMetadata: { promptTokensDetails: 'many' },
  };
  expect(mender.body(given)).toEqual({
    candidates: [{ content: { role: 'model', parts: [{ text: 'Aye.' }] }, finishReason: 'STOP' }],
  });
});

test('a part of a new kind is left out, and named', () => {
  expect(mendedParts({ hologram: { x: 1 } }, { text: 'Aye.' })).toEqual([{ text: 'Aye.' }]);
  expect(notes).toEqual(['a part of the unknown kind `hologram`']);
});

describe('a call', () => {
  test.each([
    ['nothing', undefined, {}],
    ['null', null, {}],
    ['JSON in a text', '{"a":1}', { a: 1 }],
    ['an object', { a: 1 }, { a: 1 }],
  ])('whose arguments are %s has an object', (_what, args, expected) => {
    expect(mendedParts({ functionCall: { name: 'weigh', args } })).toEqual([
      { functionCall: { name: 'weigh', args: expected } },
    ]);
  });

  test('may be named in snake case', () => {
    const functionCall = { name: 'weigh', args: { a: 1 } };
    expect(mendedParts({ function_call: functionCall })).toEqual([{ functionCall }]);
    const body = { candidates: [{ content: { parts: [{ function_call: functionCall }] } }] };
    expect(generateContentWire.said(body).calls).toMatchObject([{ name: 'weigh' }]);
  });

  test('that comes in pieces is given whole', () => {
    const piece = (more: object) => ({ functionCall: { willContinue: true, ...more } });
    const value = (jsonPath: string, more: object) =>
      piece({ partialArgs: [{ jsonPath, ...more }] });
    expect(mendedParts(piece({ name: 'weigh' }), value('$.what', { stringValue: 'two ' }))).toEqual(
      [],
    );
    const rest = [
      value('$.what', { stringValue: 'pears' }),
      value('$.scales[0].grams', { numberValue: 5 }),
      value("$.scales[0]['is exact']", { boolValue: false }),
      { functionCall: {}, thoughtSignature: 'c2ln' },
      { text: 'Done.' },
    ];
    const args = { what: 'two pears', scales: [{ grams: 5, 'is exact': false }] };
    expect(mendedParts(...rest)).toEqual([
      { functionCall: { name: 'weigh', args }, thoughtSignature: 'c2ln' },
      { text: 'Done.' },
    ]);
  });

  test('without an id has none, though the id is an empty text', () => {
    expect(mendedParts({ functionCall: { id: '', name: 'weigh' } })).toEqual([
      { functionCall: { name: 'weigh', args: {} } },
    ]);
  });
});

test('chunks in one list are chunks', () => {
  const chunk = (text: string) => ({ candidates: [{ content: { parts: [{ text }] } }] });
  expect(mender.events.add([chunk('One, '), chunk('two.')])).toHaveLength(2);
  expect(mender.body([chunk('One, '), chunk('two.')])).toMatchObject({
    candidates: [{ content: { parts: [{ text: 'One, two.' }] } }],
  });
});

test.each([['Aye.'], [{ parts: 'Aye.' }], [{ parts: { text: 'Aye.' } }]])(
  'content may be one part, or a text: %j',
  (content) => {
    const body = { candidates: [{ content }] };
    expect(mender.body(body)).toMatchObject({
      candidates: [{ content: { parts: [{ text: 'Aye.' }] } }],
    });
    expect(generateContentWire.said(body).text).toBe('Aye.');
  },
);

test('content without parts is content', () => {
  expect(mendedParts()).toEqual([]);
  expect(mender.events.add({ candidates: [{ finishReason: 'STOP' }] })).toEqual([
    { candidates: [{ content: { role: 'model', parts: [] }, finishReason: 'STOP' }] },
  ]);
});

test('an error is left as it is', () => {
  expect(mender.events.add({ error: 'No room.' })).toEqual([{ error: 'No room.' }]);
});
