import { createHash } from 'node:crypto';

/**
 * The names under which statements of the hot path are prepared, once per connection.
 *
 * A pooler may give a Postgres connection to another client after each transaction; statements that
 * were prepared on it are then lost. When that happens once, no more statements are prepared.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #onLost: () => void;
  #isLost = false;

  /** @param onLost called once, when prepared statements are missing. */
  constructor(onLost: () => void) {
    this.#onLost = onLost;
  }

  /** The name of a statement; undefined when it should not be prepared. */
  nameFor(text: string): string | undefined {
    if (this.#isLost || !text.startsWith('/* hot */')) return undefined;
    let name = this.#names.get(text);
    if (name === undefined) {
      name = createHash('sha1').update(text).digest('base64url');
      this.#names.set(text, name);
    }
    return name;
  }

  /**
   * Gives a statement another name: under the old one Postgres has a plan that a migration of a newer
   * server made useless, and refuses it for as long as the connection lives.
   */
  rename(text: string): void {
    const name = this.#names.get(text);
    if (name !== undefined)
      this.#names.set(text, createHash('sha1').update(name).digest('base64url'));
  }

  /** Stops preparing statements. */
  lose(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#onLost();
  }
}
