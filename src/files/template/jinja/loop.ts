import { JinjaFault } from './faults.ts';
import { sameValues } from './globals.ts';
import { type Arguments, orUndefined, Thing, type Value } from './values.ts';

/** The variable `loop` of a loop, which is moved on from item to item. */
export class Loop {
  readonly value: Thing;
  readonly #items: readonly Value[];
  readonly #depth: number;
  #at = 0;
  #seen: readonly Value[] | undefined;

  /** @param again what a call of `loop` does: a recursive loop goes through other items. */
  constructor(
    items: readonly Value[],
    depth: number,
    again: ((items: Value, depth: number) => Value) | undefined,
  ) {
    this.#items = items;
    this.#depth = depth;
    this.value = new Thing('LoopContext', {
      call: ({ positional: [inner = null] }) => {
        if (again) return again(inner, depth + 1);
        throw new JinjaFault("the loop must have the 'recursive' marker to be called");
      },
      attribute: (name) => this.#attributes.get(name)?.(),
    });
  }

  moveTo(index: number): void {
    this.#at = index;
  }

  readonly #attributes = new Map<string, () => Value>([
    ['index', () => BigInt(this.#at + 1)],
    ['index0', () => BigInt(this.#at)],
    ['revindex', () => BigInt(this.#items.length - this.#at)],
    ['revindex0', () => BigInt(this.#items.length - this.#at - 1)],
    ['first', () => this.#at === 0],
    ['last', () => this.#at === this.#items.length - 1],
    ['length', () => BigInt(this.#items.length)],
    ['depth', () => BigInt(this.#depth + 1)],
    ['depth0', () => BigInt(this.#depth)],
    ['previtem', () => orUndefined(this.#at === 0 ? undefined : this.#items[this.#at - 1])],
    ['nextitem', () => orUndefined(this.#items[this.#at + 1])],
    ['cycle', () => new Thing('method', { call: (args) => this.#cycle(args) })],
    ['changed', () => new Thing('method', { call: (args) => this.#hasChanged(args) })],
  ]);

  #cycle({ positional }: Arguments): Value {
    const item = positional[this.#at % positional.length];
    if (item === undefined) throw new JinjaFault('no items for cycling given');
    return item;
  }

  #hasChanged({ positional }: Arguments): boolean {
    const isSame = sameValues(this.#seen, positional);
    this.#seen = positional;
    return !isSame;
  }
}
