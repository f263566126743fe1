import { createHash } from 'node:crypto';

/**
 * The names under which statements of the hot path are prepared, once per connection.
 *
 * A pooler that hands a connection of Postgres to another client after each transaction loses what
 * was prepared on it. As soon as that is seen nothing is prepared any more.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #tell: () => void;
  #isLost = false;

  /** @param tell told once, when statements that were prepared are not there. */
  constructor(tell: () => void) {
    this.#tell = tell;
  }

  /** Undefined for a statement that is not to be prepared. */
  of(text: string): string | undefined {
    if (this.#isLost || !text.startsWith('/* hot */')) return undefined;
    let name = this.#names.get(text);
    if (name === undefined) {
      name = createHash('sha1').update(text).digest('base64url');
      this.#names.set(text, name);
    }
    return name;
  }

  /** No statement has a name from now on. */
  lose(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#tell();
  }
}
