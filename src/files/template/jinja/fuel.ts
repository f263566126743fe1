/**
 * How much work one rendering may do. A unit is about one step of a template, or 32 characters or
 * items that a step reads or makes: about a microsecond, and two at the most.
 */
export type Fuel = number;

const perUnit = 32;

/** Thrown when a rendering has used up its fuel. */
export class OutOfFuel extends Error {}

// Rendering is synchronous, so there is one tank at a time.
let left = 0;

/** Runs a rendering with so much fuel. */
export function withFuel<T>(fuel: Fuel, run: () => T): T {
  left = fuel;
  return run();
}

/** @throws OutOfFuel */
export function spend(units: number): void {
  left -= units;
  // Not `left < 0`: what is no number would leave the tank without a limit.
  if (!(left >= 0)) throw new OutOfFuel('it takes too many steps');
}

/** Spends what it costs to read or make some characters, or to read some items of a list. */
export function spendOn(size: number): void {
  spend(1 + size / perUnit);
}

/** Spends what it costs to make a list: an item takes as much as eight characters. */
export function spendOnItems(count: number): void {
  spendOn(8 * count);
}
