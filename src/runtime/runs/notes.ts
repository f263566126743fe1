/**
 * The notes of a run, for the `stdout` of its log: for example, parameters that a provider ignored,
 * or links whose files are gone.
 */
export class Notes {
  #text: string;

  /** @param text the notes so far. */
  constructor(text: string | null) {
    this.#text = text ?? '';
  }

  /** Adds the lines that are not there yet. */
  add(lines: readonly string[]): void {
    for (const line of lines) {
      // Whole lines: one may be the beginning of another.
      if (!`\n${this.#text}`.includes(`\n${line}\n`)) this.#text += `${line}\n`;
    }
  }

  /** Null when there are no notes. */
  get text(): string | null {
    return this.#text === '' ? null : this.#text;
  }
}
