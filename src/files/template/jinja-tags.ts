import { JinjaFault } from './jinja/faults.ts';
import { readTokens, type Token } from './jinja/lexer.ts';

/** What is between `{{` and `}}` (an expression) or `{%` and `%}` (a statement). */
export interface JinjaTag {
  readonly type: 'expression' | 'statement';
  readonly tokens: readonly JinjaToken[];
}

/** A word or sign of a tag. Literals have an empty text, because no caller reads it. */
export interface JinjaToken {
  readonly type: 'name' | 'literal' | 'sign';
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/**
 * The tags of a Jinja template in order, without comments and raw text. Stops early at what cannot
 * be read. Linear in the length of the source, for any source.
 */
export function* jinjaTags(source: string): Generator<JinjaTag> {
  let tokens: JinjaToken[] = [];
  try {
    for (const token of readTokens(source)) {
      if (token.type === 'begin') tokens = [];
      else if (token.type !== 'end') tokens.push(withoutLiteral(token));
      else yield { type: token.text === '}}' ? 'expression' : 'statement', tokens };
    }
  } catch (error) {
    if (!(error instanceof JinjaFault)) throw error;
  }
}

function withoutLiteral({ type, text, line }: Token): JinjaToken {
  return type === 'name' || type === 'sign'
    ? { type, text, line }
    : { type: 'literal', text: '', line };
}
