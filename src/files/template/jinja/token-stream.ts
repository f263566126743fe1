import type { JinjaFault } from './faults.ts';
import { syntaxFault } from './faults.ts';
import { spend } from './fuel.ts';
import { readTokens, type Token } from './lexer.ts';

/** The tokens of a template, one at a time, with a look at the next one. */
export class TokenStream {
  /** The names that expressions read so far. */
  readonly reads: string[] = [];
  readonly #rest: Iterator<Token>;
  #tag = '';
  #current: Token;
  #following: Token | undefined;

  constructor(source: string) {
    this.#rest = readTokens(source);
    this.#current = this.#read(1);
  }

  get current(): Token {
    return this.#current;
  }

  get isAtEnd(): boolean {
    return this.#current.type === 'data' && this.#current.text === '';
  }

  get line(): number {
    return this.#current.line;
  }

  next(): Token {
    const token = this.#current;
    this.#current = this.#following ?? this.#read(token.line);
    this.#following = undefined;
    return token;
  }

  /** The token after the current one. */
  peek(): Token {
    this.#following ??= this.#read(this.line);
    return this.#following;
  }

  isSign(...texts: readonly string[]): boolean {
    return this.#current.type === 'sign' && texts.includes(this.#current.text);
  }

  isName(...names: readonly string[]): boolean {
    return this.#current.type === 'name' && names.includes(this.#current.text);
  }

  skipSign(text: string): boolean {
    if (!this.isSign(text)) return false;
    this.next();
    return true;
  }

  skipName(name: string): boolean {
    if (!this.isName(name)) return false;
    this.next();
    return true;
  }

  expectSign(text: string): void {
    if (!this.skipSign(text)) throw this.unexpected(`\`${text}\``);
  }

  expectWord(word: string): void {
    if (!this.skipName(word)) throw this.unexpected(`\`${word}\``);
  }

  expectName(): string {
    if (this.#current.type !== 'name') throw this.unexpected('identifier');
    return this.next().text;
  }

  expectEnd(): void {
    if (this.#current.type !== 'end') {
      throw this.unexpected(this.#tag === '{{' ? 'end of variable block' : 'end of block');
    }
    this.next();
  }

  /** An error about the current token, which does not show the template's own words. */
  unexpected(expected?: string): JinjaFault {
    const { type, text, line } = this.#current;
    const found =
      type === 'sign' || type === 'end' ? `\`${text}\`` : (kinds[type] ?? 'end of input');
    const wish = expected === undefined ? '' : `, expected ${expected}`;
    return syntaxFault(`unexpected ${this.isAtEnd ? 'end of input' : found}${wish}`, line);
  }

  #read(line: number): Token {
    spend(0.2);
    const { value, done } = this.#rest.next();
    // No other text is empty.
    if (done) return { type: 'data', text: '', line };
    if (value.type === 'begin') this.#tag = value.text;
    return value;
  }
}

const kinds: Readonly<Record<string, string>> = {
  name: 'identifier',
  number: 'number',
  text: 'string',
  data: 'text',
  begin: 'tag',
};
