import { syntaxFault } from './faults.ts';
import {
  parseExpression,
  parseFilters,
  parseTuple,
  parseTupleOfNoChoice,
} from './parse-expression.ts';
import type { Body, Expression, MacroParts, Statement, Target } from './syntax.ts';
import { TokenStream } from './token-stream.ts';

/**
 * Reads a template.
 *
 * @throws JinjaFault for one that is not Jinja.
 */
export function parseTemplate(source: string): Template {
  return new TemplateParser(new TokenStream(source)).parse();
}

/** A template that has been read, and its blocks by their names. */
export interface Template {
  readonly body: Body;
  readonly blocks: ReadonlyMap<string, Body>;
}

class TemplateParser {
  readonly #tokens: TokenStream;
  readonly #blocks = new Map<string, Body>();

  constructor(tokens: TokenStream) {
    this.#tokens = tokens;
  }

  parse(): Template {
    const body = this.#body();
    if (!this.#tokens.isAtEnd) throw this.#tokens.unexpected();
    return { body, blocks: this.#blocks };
  }

  /**
   * Statements up to a tag that begins with one of some words. Its end is not read, so that the
   * caller sees which word it is.
   */
  #body(...ends: readonly string[]): Body {
    const tokens = this.#tokens;
    const body: Statement[] = [];
    while (!tokens.isAtEnd) {
      const { type, text, line } = tokens.next();
      if (type === 'data') body.push({ type: 'data', text, line });
      else if (text === '{{') {
        body.push({ type: 'print', value: parseTuple(tokens), line });
        tokens.expectEnd();
      } else {
        if (tokens.isName(...ends)) return body;
        body.push(this.#statement(line));
      }
    }
    if (ends.length > 0) throw tokens.unexpected(ends.map((word) => `\`${word}\``).join(' or '));
    return body;
  }

  #bodyUntil(end: string): Body {
    const tokens = this.#tokens;
    tokens.expectEnd();
    const body = this.#body(end);
    tokens.next();
    // A block may be named at its end.
    if (end === 'endblock' && tokens.current.type === 'name') tokens.next();
    tokens.expectEnd();
    return body;
  }

  #statement(line: number): Statement {
    const word = this.#tokens.expectName();
    const parse = this.#statements.get(word);
    if (!parse) throw syntaxFault('unknown statement', line);
    return parse(line);
  }

  readonly #statements = new Map<string, (line: number) => Statement>([
    ['for', (line) => this.#for(line)],
    ['if', (line) => this.#if(line)],
    ['set', (line) => this.#set(line)],
    ['with', (line) => this.#with(line)],
    ['macro', (line) => this.#macro(line)],
    ['call', (line) => this.#callBlock(line)],
    ['filter', (line) => this.#filterBlock(line)],
    ['block', (line) => this.#block(line)],
    ['autoescape', (line) => this.#autoescape(line)],
    ['print', (line) => this.#print(line)],
    ...['include', 'extends', 'import', 'from'].map(
      (word) => [word, (line: number) => this.#load(line)] as const,
    ),
  ]);

  #for(line: number): Statement {
    const tokens = this.#tokens;
    const target = this.#target();
    tokens.expectWord('in');
    const source = parseTupleOfNoChoice(tokens);
    const condition = tokens.skipName('if') ? parseExpression(tokens) : undefined;
    const isRecursive = tokens.skipName('recursive');
    tokens.expectEnd();
    const body = this.#body('else', 'endfor');
    let otherwise: Body = [];
    if (tokens.next().text === 'else') otherwise = this.#bodyUntil('endfor');
    else tokens.expectEnd();
    return { type: 'for', target, source, condition, isRecursive, body, otherwise, line };
  }

  #if(line: number): Statement {
    const tokens = this.#tokens;
    const branches: { condition: Expression; body: Body }[] = [];
    for (;;) {
      const condition = parseTupleOfNoChoice(tokens);
      tokens.expectEnd();
      branches.push({ condition, body: this.#body('elif', 'else', 'endif') });
      const { text } = tokens.next();
      if (text === 'elif') continue;
      if (text === 'else')
        return { type: 'if', branches, otherwise: this.#bodyUntil('endif'), line };
      tokens.expectEnd();
      return { type: 'if', branches, otherwise: [], line };
    }
  }

  #set(line: number): Statement {
    const tokens = this.#tokens;
    const target = this.#target();
    if (tokens.skipSign('=')) {
      const value = parseTuple(tokens);
      tokens.expectEnd();
      return { type: 'set', target, value, line };
    }
    const filter = parseFilters(tokens, undefined, false);
    return { type: 'set-block', target, filter, body: this.#bodyUntil('endset'), line };
  }

  #with(line: number): Statement {
    const tokens = this.#tokens;
    const assignments: (readonly [Target, Expression])[] = [];
    while (tokens.current.type !== 'end') {
      if (assignments.length > 0) tokens.expectSign(',');
      const target = this.#name();
      tokens.expectSign('=');
      assignments.push([target, parseExpression(tokens)]);
    }
    return { type: 'with', assignments, body: this.#bodyUntil('endwith'), line };
  }

  #macro(line: number): Statement {
    const name = this.#tokens.expectName();
    return { type: 'macro', name, ...this.#macroParts('endmacro'), line };
  }

  #callBlock(line: number): Statement {
    const tokens = this.#tokens;
    const parameters = tokens.isSign('(') ? this.#parameters() : [];
    const call = parseExpression(tokens);
    if (call.type !== 'call') throw syntaxFault('expected call', line);
    const first = tokens.reads.length;
    const body = this.#bodyUntil('endcall');
    const reads = new Set(tokens.reads.slice(first));
    return { type: 'call-block', call, parameters, reads, body, line };
  }

  #macroParts(end: string): MacroParts {
    const tokens = this.#tokens;
    const parameters = this.#parameters();
    const first = tokens.reads.length;
    const body = this.#bodyUntil(end);
    return { parameters, reads: new Set(tokens.reads.slice(first)), body };
  }

  #parameters(): MacroParts['parameters'] {
    const tokens = this.#tokens;
    const parameters: { name: string; fallback: Expression | undefined }[] = [];
    tokens.expectSign('(');
    while (!tokens.isSign(')')) {
      if (parameters.length > 0) tokens.expectSign(',');
      const name = tokens.expectName();
      const fallback = tokens.skipSign('=') ? parseExpression(tokens) : undefined;
      if (!fallback && parameters.at(-1)?.fallback) {
        throw syntaxFault('non-default argument follows default argument', tokens.line);
      }
      parameters.push({ name, fallback });
    }
    tokens.expectSign(')');
    return parameters;
  }

  #filterBlock(line: number): Statement {
    const tokens = this.#tokens;
    const filter = parseFilters(tokens, undefined, true);
    if (!filter) throw tokens.unexpected('identifier');
    return { type: 'filter-block', filter, body: this.#bodyUntil('endfilter'), line };
  }

  #block(line: number): Statement {
    const tokens = this.#tokens;
    const name = tokens.expectName();
    const isScoped = tokens.skipName('scoped');
    tokens.skipName('required');
    if (this.#blocks.has(name)) throw syntaxFault('a block is defined twice', line);
    const body = this.#bodyUntil('endblock');
    this.#blocks.set(name, body);
    return { type: 'block', name, isScoped, body, line };
  }

  #autoescape(line: number): Statement {
    const isOn = parseExpression(this.#tokens);
    return { type: 'autoescape', isOn, body: this.#bodyUntil('endautoescape'), line };
  }

  #print(line: number): Statement {
    const tokens = this.#tokens;
    const parts = [parseExpression(tokens)];
    while (tokens.skipSign(',')) parts.push(parseExpression(tokens));
    tokens.expectEnd();
    const [first] = parts;
    const isOne = first !== undefined && parts.length === 1;
    return { type: 'print', value: isOne ? first : { type: 'joined', parts, line }, line };
  }

  // Nothing can be loaded, so it does not matter what.
  #load(line: number): Statement {
    while (this.#tokens.current.type !== 'end') this.#tokens.next();
    this.#tokens.expectEnd();
    return { type: 'load', line };
  }

  #target(): Target {
    const tokens = this.#tokens;
    const targets: Target[] = [];
    let isTuple = false;
    do {
      if (tokens.isName('in') || tokens.isSign('=', ')')) break;
      targets.push(this.#name());
      isTuple ||= tokens.isSign(',');
    } while (tokens.skipSign(','));
    const [first] = targets;
    if (first === undefined) throw tokens.unexpected('identifier');
    return isTuple ? { type: 'targets', targets } : first;
  }

  #name(): Target {
    const tokens = this.#tokens;
    if (tokens.skipSign('(')) {
      const inside = this.#target();
      tokens.expectSign(')');
      return inside;
    }
    const { line } = tokens;
    const name = tokens.expectName();
    if (words.has(name)) throw syntaxFault('a constant cannot be assigned to', line);
    if (!tokens.skipSign('.')) return { type: 'name', name };
    return { type: 'member', of: name, name: tokens.expectName() };
  }
}

const words = new Set(['true', 'false', 'none', 'True', 'False', 'None']);
