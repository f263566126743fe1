import { afterAll, expect, test } from 'vitest';
import { FairPlaces } from './fair-places.ts';
import { TurnClock } from './turn-clock.ts';

const clock = new TurnClock();
afterAll(() => clock.stop());
const refusal = () => new Error('none free');

/** Places, and who got them in which order: `take('a', 'a1')` asks for a in the name of a1. */
function placesOf(count: number) {
  const places = new FairPlaces(count, clock);
  const got: string[] = [];
  const giveBacks = new Map<string, () => void>();
  const asking: Promise<unknown>[] = [];
  const take = (
    owner: string,
    name: string,
    { greed = 3, ms = 60_000, signal = undefined as AbortSignal | undefined } = {},
  ) => {
    const taken = places.take({ owner, greed }, { ms, signal, refusal }).then((giveBack) => {
      got.push(name);
      giveBacks.set(name, giveBack);
    });
    asking.push(taken.catch(() => undefined));
    return taken;
  };
  /** Lets everything happen that can. */
  const settle = () => new Promise(setImmediate);
  const give = async (name: string) => {
    giveBacks.get(name)?.();
    await settle();
  };
  return { places, got, take, give, settle };
}

test.each([
  { owners: ['a'], each: [12] },
  { owners: ['a', 'b'], each: [7, 7] },
  { owners: ['a', 'b', 'c'], each: [5, 5, 5] },
])(
  'of 16 places, $owners get $each when all ask for as many as they can',
  async ({ owners, each }) => {
    const { places, take, settle } = placesOf(16);
    for (let n = 0; n < 16; n += 1) for (const owner of owners) void take(owner, `${owner}${n}`);
    await settle();
    expect(owners.map((owner) => places.heldBy(owner))).toEqual(each);
  },
);

test('an owner who comes finds a place free, however many another one wants', async () => {
  const { got, take, settle } = placesOf(8);
  for (let n = 0; n < 100; n += 1) void take('a', `a${n}`);
  await settle();
  expect(got).toHaveLength(6);
  await take('b', 'b0');
  expect(got.at(-1)).toBe('b0');
});

test('a place that becomes free goes to the owner who holds the fewest', async () => {
  const { got, take, give, settle } = placesOf(4);
  for (let n = 0; n < 5; n += 1) void take('a', `a${n}`);
  for (let n = 0; n < 3; n += 1) void take('b', `b${n}`);
  await settle();
  expect(got).toEqual(['a0', 'a1', 'a2', 'b0']);
  await give('a0');
  expect(got.at(-1)).toBe('b1');
  await give('b0');
  expect(got.at(-1)).toBe('b2');
  await give('b1');
  await give('b2');
  expect(got.at(-1)).toBe('a3');
});

test('those of one owner are served in the order in which they came', async () => {
  const { got, take, give, settle } = placesOf(2);
  for (let n = 0; n < 5; n += 1) void take('a', `a${n}`);
  await settle();
  for (let n = 0; n < 3; n += 1) await give(`a${n}`);
  expect(got).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
});

test('work with less greed leaves places for other work of the same owner', async () => {
  const { places, take, settle } = placesOf(16);
  for (let n = 0; n < 64; n += 1) void take('a', `search${n}`, { greed: 1 });
  await settle();
  expect(places.heldBy('a')).toBe(8);
  await take('a', 'write');
  expect(places.heldBy('a')).toBe(9);
});

test('every place may be taken by an owner without a limit', async () => {
  const { places, take, settle } = placesOf(4);
  for (let n = 0; n < 9; n += 1) void take('', `own${n}`, { greed: Infinity });
  await settle();
  expect(places.heldBy('')).toBe(4);
});

test('who is no longer waiting gets no place, and holds up nobody', async () => {
  const { got, take, give, settle } = placesOf(1);
  await take('a', 'a0');
  const gone = new AbortController();
  const left = take('a', 'a1', { signal: gone.signal });
  const late = take('b', 'b0', { ms: 1 });
  void take('c', 'c0');
  gone.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  await expect(late).rejects.toThrow('none free');
  await give('a0');
  await settle();
  expect(got).toEqual(['a0', 'c0']);
});
