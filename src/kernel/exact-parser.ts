import { ExactNumber, exactNumber } from './exact-number.ts';
import {
  backslash,
  brace,
  bracket,
  capitalE,
  closingBrace,
  closingBracket,
  colon,
  comma,
  minus,
  nine,
  point,
  quote,
  smallE,
  zero,
} from './json-characters.ts';

/**
 * Parses JSON, and makes of each number that a double would change an `ExactNumber`. `JSON.parse`
 * with a reviver does so too, but takes up to ten times as long as without one.
 *
 * @throws SyntaxError for what is no JSON; RangeError for what is nested thousands of levels deep.
 */
export function parseWithExactNumbers(text: string): unknown {
  return new Parser(text).whole();
}

const jsonNumber = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
const words: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow them in a text.
const controls = /[\0-\x1f]/;

/** Characters of a number whose digits alone are looked at: `exactNumber` limits exponents to 400. */
const mostPlain = 400;

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): unknown {
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#fault();
    return value;
  }

  #value(): unknown {
    this.#skipSpace();
    switch (this.#text.charCodeAt(this.#at)) {
      case brace:
        return this.#object();
      case bracket:
        return this.#list();
      case quote:
        return this.#string();
      default:
        return this.#numberOrWord();
    }
  }

  #object(): unknown {
    this.#at += 1;
    const object: Record<string, unknown> = {};
    if (this.#skip(closingBrace)) return object;
    do {
      this.#skipSpace();
      if (this.#text.charCodeAt(this.#at) !== quote) throw this.#fault();
      const name = this.#string();
      if (!this.#skip(colon)) throw this.#fault();
      const value = this.#value();
      // An assignment would set the prototype.
      if (name === '__proto__') Object.defineProperty(object, name, { value, ...ordinary });
      else object[name] = value;
    } while (this.#skip(comma));
    if (!this.#skip(closingBrace)) throw this.#fault();
    return object;
  }

  #list(): unknown {
    this.#at += 1;
    const list: unknown[] = [];
    if (this.#skip(closingBracket)) return list;
    do list.push(this.#value());
    while (this.#skip(comma));
    if (!this.#skip(closingBracket)) throw this.#fault();
    return list;
  }

  #string(): string {
    const start = this.#at;
    const end = endOfString(this.#text, start);
    this.#at = end + 1;
    const inside = this.#text.slice(start + 1, end);
    if (end === this.#text.length || controls.test(inside)) throw this.#fault();
    return inside.includes('\\') ? (JSON.parse(`"${inside}"`) as string) : inside;
  }

  #numberOrWord(): unknown {
    return this.#plainNumber() ?? this.#anyNumber() ?? this.#word();
  }

  /**
   * A number whose digits alone tell whether a double would change it. Conversions to a double and
   * back would take ten times as long, which holds the event loop when a body has 100,000 of them.
   */
  #plainNumber(): number | ExactNumber | undefined {
    const start = this.#at;
    const text = this.#text;
    const whole = text.charCodeAt(start) === minus ? start + 1 : start;
    let fraction = -1;
    let first = -1;
    let last = -1;
    let at = whole;
    let unit = text.charCodeAt(at);
    for (; (unit >= zero && unit <= nine) || unit === point; unit = text.charCodeAt(++at)) {
      if (unit === point) {
        if (fraction >= 0) return undefined;
        fraction = at + 1;
      } else if (unit !== zero) {
        if (first < 0) first = at;
        last = at;
      }
    }
    if (unit === smallE || unit === capitalE || at - start > mostPlain) return undefined;
    const wholeDigits = (fraction < 0 ? at : fraction - 1) - whole;
    if (wholeDigits === 0 || at === fraction) return undefined;
    if (wholeDigits > 1 && text.charCodeAt(whole) === zero) return undefined;

    const significant =
      first < 0 ? 0 : last - first + (first < fraction && fraction <= last ? 0 : 1);
    if (significant > 17) return new ExactNumber(this.#taken(at));
    if (significant > 15 || at - start > 20) return undefined;
    const source = this.#taken(at);
    return fraction < 0 || last >= fraction ? Number(source) : new ExactNumber(source);
  }

  #anyNumber(): number | ExactNumber | undefined {
    jsonNumber.lastIndex = this.#at;
    const [source] = jsonNumber.exec(this.#text) ?? [];
    if (source === undefined) return undefined;
    this.#at += source.length;
    return exactNumber(source) ?? Number(source);
  }

  #word(): unknown {
    word.lastIndex = this.#at;
    const [name] = word.exec(this.#text) ?? [];
    if (name === undefined) throw this.#fault();
    this.#at += name.length;
    return words[name];
  }

  #taken(end: number): string {
    const taken = this.#text.slice(this.#at, end);
    this.#at = end;
    return taken;
  }

  #skip(unit: number): boolean {
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== unit) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 32 && unit !== 10 && unit !== 13 && unit !== 9) return;
      this.#at += 1;
    }
  }

  #fault(): SyntaxError {
    return new SyntaxError(`This is no JSON at character ${this.#at}.`);
  }
}

const ordinary = { enumerable: true, writable: true, configurable: true };

/**
 * @param start the place of the quote that begins a string of JSON.
 * @returns the place of the one that ends it; the length of the text when there is none.
 */
export function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
}
