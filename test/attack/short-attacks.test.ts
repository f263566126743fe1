import { describe, test } from 'vitest';
import { allAttacks } from './attacks/all.ts';
import { testTarget } from './target.ts';

/** `npm run test:attack` plays all of them, and larger. */
describe('an honest organization goes on with its work beside', () => {
  const target = testTarget(20_000);
  const short = allAttacks.filter(({ isShort }) => isShort);
  test.each(short)('$name', (attack) => target.withstand(attack));
});
