import { spend } from './fuel.ts';
import { Undefined, type Value } from './values.ts';

/** Names and their values: a loop, a macro or a block has its own, and sees those around it. */
export class Scope {
  readonly #names = new Map<string, Value>();
  readonly #around: Scope | ((name: string) => Value | undefined);

  /** @param around the scope around it; the outermost one asks a function. */
  constructor(around: Scope | ((name: string) => Value | undefined)) {
    this.#around = around;
  }

  /** The value of a name; Undefined if it has none. */
  get(name: string): Value {
    let scope: Scope = this;
    for (;;) {
      const value = scope.#names.get(name);
      if (value !== undefined) return value;
      spend(0.1);
      if (typeof scope.#around === 'function') {
        const found = scope.#around(name);
        if (found === undefined) return new Undefined(name);
        scope.#names.set(name, found);
        return found;
      }
      scope = scope.#around;
    }
  }

  set(name: string, value: Value): void {
    this.#names.set(name, value);
  }
}
