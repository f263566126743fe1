import { clipText, storableText } from '../../kernel/text.ts';
import type { PythonLimits } from './python-call.ts';
import type { PythonProcess } from './python-process.ts';

/** What a call has printed so far. */
export class PrintedText {
  readonly #hide: PythonProcess['hideHostPaths'];
  readonly #longest: number;
  #text = '';

  constructor(process: PythonProcess, limits: PythonLimits) {
    this.#hide = process.hideHostPaths;
    // The runner cuts printed text and says so, so a longer text can only be forged.
    this.#longest = limits.stdoutCharacters + 100;
  }

  add(text: string): void {
    this.#text = clipText(this.#text + text, this.#longest);
  }

  /** The text, which can be stored; null when nothing was printed. The next text begins empty. */
  take(): string | null {
    const text = this.#text;
    this.#text = '';
    return text === '' ? null : storableText(this.#hide(text));
  }
}
