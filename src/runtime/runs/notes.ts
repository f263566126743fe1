/** What a run's log shows as `stdout`: what a provider or a link left out. */
export class Notes {
  #text: string;

  /** @param text what was noted before. */
  constructor(text: string | null) {
    this.#text = text ?? '';
  }

  /** Adds lines; a line that was noted before is not noted again. */
  add(lines: readonly string[]): void {
    for (const line of lines) {
      if (!this.#text.includes(line)) this.#text += `${line}\n`;
    }
  }

  /** Null: nothing was noted. */
  get text(): string | null {
    return this.#text === '' ? null : this.#text;
  }
}
