import { describe, test } from 'vitest';
import { allAttacks } from './attacks/all.ts';
import { testTarget } from './target.ts';

describe('an honest organization goes on with its work beside', () => {
  const target = testTarget(120_000);

  test.each(allAttacks)('$name', (attack) => target.withstand(attack));

  const short = allAttacks.filter(({ isShort }) => isShort);
  test('each of the short attacks, all at once', () =>
    target.withstand({
      name: 'each of the short attacks, all at once',
      play: (attacker) => Promise.all(short.map(({ play }) => play(attacker))),
    }));
});
