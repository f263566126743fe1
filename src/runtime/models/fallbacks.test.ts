import { describe, expect, test } from 'vitest';
import type { ModelSpec } from '../../contract/kinds/model.ts';
import {
  type FailureKind,
  type ModelEvent,
  type ModelRequest,
  ProviderFailure,
} from '../../providers/provider.ts';
import { requestTo, withFallbacks } from './fallbacks.ts';

type Ask = (target: ModelSpec) => AsyncGenerator<ModelEvent, string>;

const failure = (kind: FailureKind, message: string) =>
  new ProviderFailure(kind, message, { origin: 'OpenAI' });
const event = { type: 'text', text: 'a' } as unknown as ModelEvent;

function specOf(other: object | undefined): ModelSpec {
  return { provider: 'openai', model: 'first', ...(other && { other }) } as unknown as ModelSpec;
}

const fallbacks = [{ model: 'second' }, { provider: 'google', model: 'third' }];

/** Asks the models of a spec. @param answers by model: what it does. */
async function asked(spec: ModelSpec, answers: Record<string, Ask>) {
  const [notes, targets, events]: [string[], ModelSpec[], ModelEvent[]] = [[], [], []];
  const add = (lines: readonly string[]) => notes.push(...lines);
  const steps = withFallbacks(spec, { add }, (target) => {
    targets.push(target);
    return (answers[target.model] as Ask)(target);
  });
  let answer: unknown;
  try {
    for (let step = await steps.next(); ; step = await steps.next()) {
      if (step.done) answer = step.value;
      if (step.done) break;
      events.push(step.value);
    }
  } catch (error) {
    answer = error;
  }
  return { answer, notes, targets, events };
}

const answers = (text: string): Ask =>
  async function* () {
    yield event;
    return text;
  };
const fails = (error: Error): Ask =>
  // biome-ignore lint/correctness/useYield: it fails before it says anything.
  async function* () {
    throw error;
  };
const breaks = (error: Error): Ask =>
  async function* () {
    yield event;
    throw error;
  };

describe('a model that fails', () => {
  test('is followed by the next, until one answers, and all of it is noted', async () => {
    const { answer, notes, events } = await asked(specOf({ fallbacks }), {
      first: fails(failure('rejected', 'No.')),
      second: fails(failure('unavailable', 'Gone.')),
      third: answers('Here.'),
    });
    expect(answer).toBe('Here.');
    expect(events).toEqual([event]);
    expect(notes).toEqual([
      '`openai` model `first` failed: No.',
      '`openai` model `second` failed: Gone.',
      '`google` model `third` answered instead.',
    ]);
  });

  test('after it has begun to answer is the end', async () => {
    const error = failure('unavailable', 'Broken off.');
    const { answer, notes, targets } = await asked(specOf({ fallbacks }), { first: breaks(error) });
    expect(answer).toBe(error);
    expect(targets).toHaveLength(1);
    expect(notes).toEqual(['`openai` model `first` failed: Broken off.']);
  });

  test('by an error of ours is the end, without a note', async () => {
    const error = new Error('A mistake.');
    const { answer, notes, targets } = await asked(specOf({ fallbacks }), { first: fails(error) });
    expect([answer, notes, targets.length]).toEqual([error, [], 1]);
  });

  test('without fallbacks fails as it does, and needs no note', async () => {
    const error = failure('rejected', 'No.');
    for (const other of [undefined, {}, { fallbacks: [] }]) {
      const { answer, notes } = await asked(specOf(other), { first: fails(error) });
      expect([answer, notes]).toEqual([error, []]);
    }
  });

  test('with all others gives the failure that may pass, or else the first', async () => {
    const [no, never, later] = [
      failure('rejected', 'No.'),
      failure('rejected', 'Never.'),
      failure('unavailable', 'Later.'),
    ];
    const all = (second: Error) =>
      asked(specOf({ fallbacks }), {
        first: fails(no),
        second: fails(second),
        third: fails(never),
      });
    expect((await all(later)).answer).toBe(later);
    expect((await all(never)).answer).toBe(no);
  });
});

test('a model that answers needs no note', async () => {
  const { answer, notes } = await asked(specOf({ fallbacks }), { first: answers('Here.') });
  expect([answer, notes]).toEqual(['Here.', []]);
});

test('a fallback keeps the other fields of the spec for the same vendor alone, and may have its own', async () => {
  const spec = specOf({
    seed: 1,
    fallbacks: [
      { model: 'a' },
      { provider: 'google', model: 'b' },
      { model: 'c', other: { top: 2 } },
    ],
  });
  const no = fails(failure('rejected', 'No.'));
  const { targets } = await asked(spec, { first: no, a: no, b: no, c: no });
  expect(targets.map(({ provider, model, other }) => [provider, model, other])).toEqual([
    ['openai', 'first', spec.other],
    ['openai', 'a', { seed: 1 }],
    ['google', 'b', {}],
    ['openai', 'c', { top: 2 }],
  ]);
});

test('a request to another model has its name and fields, and no thinking that another has signed', () => {
  const message = { role: 'assistant', content: 'Hm.', thinking: [{ signature: 's' }] } as const;
  const by = (provider: string, model: string) => ({
    message,
    author: { provider, model },
    parts: [1],
  });
  const unsigned = { message: { role: 'assistant', content: 'Hm.' } };
  const own = by('openai', 'first');
  const said = { message: { role: 'user', content: 'Hi', thinking: [] }, parts: [2] };
  const messages = [said, own, by('openai', 'other'), by('google', 'first')];
  const request = { model: 'x', other: { a: 1 }, stop: 'y', messages } as unknown as ModelRequest;
  expect(requestTo(specOf({ seed: 1, fallbacks }), request)).toEqual({
    model: 'first',
    other: { seed: 1 },
    stop: 'y',
    messages: [said, own, unsigned, unsigned],
  });
});
